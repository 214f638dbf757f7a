-- Additive: letters from the request to the register, and the rows of numbers, from the journal.
CREATE TABLE letter (
  letter         TEXT PRIMARY KEY,
  requested_row  INTEGER NOT NULL,      -- the entry that has who it is about
  template       TEXT NOT NULL,
  resident       TEXT NOT NULL,
  ticket         TEXT,
  signatory      TEXT NOT NULL,
  requested_at   INTEGER NOT NULL,
  requested_by   TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('waiting', 'reviewed', 'rejected', 'withdrawn', 'issued', 'void')),
  decided_row    INTEGER,               -- the entry of that state, which has its reason or what the letter says
  decided_at     INTEGER,
  decided_by     TEXT,
  issued_row     INTEGER,
  collected_at   INTEGER
) STRICT;
CREATE INDEX letter_resident ON letter (resident, requested_row);
CREATE INDEX letter_requested ON letter (requested_at, template);
CREATE INDEX letter_open ON letter (requested_row) WHERE state IN ('waiting', 'reviewed');

-- Every number that was given, in the order of the register. A number is one by the commands that give it, not by this
-- table: what comes back from the regency is folded as it is.
CREATE TABLE letter_number (
  entry_row      INTEGER PRIMARY KEY,
  series         TEXT NOT NULL,
  year           INTEGER NOT NULL,
  number         INTEGER NOT NULL,
  written        TEXT,                  -- as on paper; null: only the last number that paper had
  classification TEXT,
  on_day         TEXT,
  title          TEXT,
  letter         TEXT,                  -- null: other mail
  code           TEXT,
  at             INTEGER NOT NULL,
  clock          TEXT NOT NULL,         -- what the date was worth
  actor          TEXT NOT NULL
) STRICT;
CREATE INDEX letter_number_series ON letter_number (series, year, number);
CREATE INDEX letter_number_written ON letter_number (written);
CREATE INDEX letter_number_year ON letter_number (year, entry_row);
CREATE INDEX letter_number_letter ON letter_number (letter) WHERE letter IS NOT NULL;

CREATE TABLE letter_settings (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL                -- JSON: settings.ts
) STRICT;
