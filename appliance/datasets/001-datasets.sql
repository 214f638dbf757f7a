-- What the regency has sent: replaceable, not folded. The last two versions that were taken of each.
CREATE TABLE dataset_version (
  dataset      TEXT NOT NULL,
  version      INTEGER NOT NULL,
  published_at INTEGER NOT NULL,   -- by the regency's clock, ms since 1970 UTC
  applied_at   INTEGER NOT NULL,
  file         BLOB NOT NULL,      -- gzip
  PRIMARY KEY (dataset, version)
) STRICT, WITHOUT ROWID;

-- Which version counts, and the newest that does not come back: taken back by a person, or refused.
CREATE TABLE dataset (
  dataset TEXT PRIMARY KEY,
  current INTEGER,                 -- NULL: none was ever taken
  refused INTEGER NOT NULL DEFAULT 0,
  why     TEXT                     -- why `refused` was: NULL by a person
) STRICT, WITHOUT ROWID;

-- What has come of a file that is being fetched: by its sum, so that two of one number are never mixed.
CREATE TABLE dataset_piece (
  dataset TEXT NOT NULL,
  sha256  TEXT NOT NULL,           -- of the whole file, base64url
  first   INTEGER NOT NULL,
  bytes   BLOB NOT NULL,
  PRIMARY KEY (dataset, sha256, first)
) STRICT, WITHOUT ROWID;
