-- Additive: what is to be said of the rows of the newest file, and how columns were matched before.
CREATE TABLE import_row (
  number  INTEGER NOT NULL,           -- resident_import
  row     INTEGER NOT NULL,           -- as the spreadsheet counts it
  outcome TEXT NOT NULL CHECK (outcome IN ('refused', 'asked', 'noted')),
  said    TEXT,                       -- of a row that a person has still to decide: the fields, as JSON
  PRIMARY KEY (number, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_outcome ON import_row (number, outcome, row);

CREATE TABLE import_problem (
  number   INTEGER NOT NULL,
  row      INTEGER NOT NULL,
  ordinal  INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code     TEXT NOT NULL,             -- the key of its sentence: imports.problem-<code>
  heading  TEXT,                      -- of the column; NULL: the row as a whole
  value    TEXT,                      -- masked
  details  TEXT NOT NULL,             -- JSON
  PRIMARY KEY (number, row, ordinal)
) STRICT, WITHOUT ROWID;

-- Which field a person took each column for, by the headings of the file.
CREATE TABLE import_match (
  headings TEXT PRIMARY KEY,
  fields   TEXT NOT NULL              -- JSON: index of the column → field
) STRICT, WITHOUT ROWID;
