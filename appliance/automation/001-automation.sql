-- The flows of this office. Not folded: a flow set is a file, and its entry says only that there was one.

-- Each deploy. Credentials are sealed by Node-RED with the secret below.
CREATE TABLE flow_version (
  version     INTEGER PRIMARY KEY,
  saved_at    INTEGER NOT NULL,          -- ms since 1970 UTC
  author      TEXT NOT NULL,             -- account, 'box' or 'hub'
  origin      TEXT NOT NULL CHECK (origin IN ('first', 'editor', 'back', 'import', 'regency', 'fell-back')),
  of          INTEGER,                   -- the older version that this one repeats, or the regency's
  flows       TEXT NOT NULL,             -- JSON, as Node-RED exports it
  credentials TEXT NOT NULL,             -- JSON
  sha256      BLOB NOT NULL CHECK (length(sha256) = 32),
  ran         INTEGER NOT NULL DEFAULT 0 CHECK (ran IN (0, 1))  -- it has run for ten minutes
) STRICT;

-- What Node-RED keeps for itself, the secret of the credentials, whether safe mode is on.
CREATE TABLE flow_setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL                    -- JSON
) STRICT, WITHOUT ROWID;

-- How far each reading node has come.
CREATE TABLE flow_reader (
  reader  TEXT PRIMARY KEY,
  row     INTEGER NOT NULL,              -- the last entry that it has seen
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For a Node-RED on another machine of the office.
CREATE TABLE flow_token (
  token      TEXT PRIMARY KEY,           -- its id
  token_hash BLOB NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,              -- JSON list
  made_by    TEXT NOT NULL,
  made_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
