-- The truth: entries, and the places where they stand. Everything else can be folded from here.

CREATE TABLE epoch (
  epoch   TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE  -- the order in which this box came to know them; the last is the current one
) STRICT;

CREATE TABLE entry (
  row     INTEGER PRIMARY KEY,     -- local number: the order of folding
  name    BLOB NOT NULL UNIQUE CHECK (length(name) = 32),
  type    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  clock   TEXT NOT NULL CHECK (clock IN ('synced', 'confirmed', 'doubtful')),
  actor   TEXT NOT NULL,
  key     TEXT,
  data    TEXT NOT NULL,           -- canonical JSON
  private TEXT,                    -- canonical JSON with its salt; NULL: none, or erased
  p       BLOB CHECK (length(p) = 32),  -- SHA-256 of private, kept after an erasure; NULL: there was none
  origin  TEXT,                    -- [epoch, seq, prev] of the first place; NULL for entries that only stand there
  written TEXT NOT NULL CHECK (written IN ('here', 'history'))
) STRICT;

-- A key is unique among entries written here as new: two copies of a box may each have carried out one command (F56).
CREATE UNIQUE INDEX entry_key ON entry (key) WHERE key IS NOT NULL AND written = 'here';
CREATE INDEX entry_key_history ON entry (key) WHERE key IS NOT NULL AND written = 'history';

CREATE TABLE place (
  epoch TEXT NOT NULL REFERENCES epoch (epoch),
  seq   INTEGER NOT NULL CHECK (seq > 0),
  hash  BLOB NOT NULL CHECK (length(hash) = 32),
  row   INTEGER NOT NULL REFERENCES entry (row),
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

-- Not folded: how far the hub has committed each epoch, as its last acknowledgement said.
CREATE TABLE cursor (
  epoch TEXT PRIMARY KEY REFERENCES epoch (epoch),
  seq   INTEGER NOT NULL CHECK (seq >= 0)
) STRICT;

-- Not folded: what the box must remember about itself (last synced time, serial and card at the last start).
CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
