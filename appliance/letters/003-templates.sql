-- Additive: templates that the office has changed, by the journal, and the texts that letters were asked for with.
CREATE TABLE letter_template_change (
  entry_row INTEGER PRIMARY KEY,
  code      TEXT NOT NULL,
  what      TEXT NOT NULL CHECK (what IN ('saved', 'dropped', 'off', 'on')),
  hash      TEXT,                -- of what was saved
  base      TEXT,                -- of what the regency or the program had there then; null: nothing
  text      TEXT,                -- JSON
  at        INTEGER NOT NULL,
  actor     TEXT NOT NULL
) STRICT;
CREATE INDEX letter_template_change_code ON letter_template_change (code, entry_row);

CREATE TABLE letter_template (
  code    TEXT PRIMARY KEY,
  own_row INTEGER,               -- the change that has what counts; null: the office has none of its own
  used    INTEGER NOT NULL CHECK (used IN (0, 1))
) STRICT;

ALTER TABLE letter ADD COLUMN template_hash TEXT;

-- Not folded: what a letter that waits was filled in with, whatever the regency or another program brings meanwhile.
CREATE TABLE letter_template_text (
  hash TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
