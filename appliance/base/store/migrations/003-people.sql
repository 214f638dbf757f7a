-- Who works here (folded), and what proves it (secrets: never folded, never in the journal).

CREATE TABLE account (
  account TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL CHECK (role IN ('clerk', 'secretary', 'head', 'technician')),
  active  INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  ordinal INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
  device    TEXT PRIMARY KEY,      -- kiosk:1
  name      TEXT NOT NULL,
  paired_at INTEGER NOT NULL,
  active    INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

-- Secrets below: PIN hashes (argon2id), failed tries, session and device tokens (SHA-256 of each).

CREATE TABLE pin (
  account TEXT PRIMARY KEY,
  hash    TEXT NOT NULL
) STRICT;

CREATE TABLE wrong_pin (
  account TEXT NOT NULL,
  device  TEXT NOT NULL,           -- address on the LAN
  tries   INTEGER NOT NULL,
  seconds INTEGER NOT NULL,        -- length of the last lock; 0: none yet
  PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  account    TEXT NOT NULL,
  made_at    INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  locked     INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1))
) STRICT;

CREATE TABLE device_token (
  token_hash BLOB PRIMARY KEY,
  device     TEXT NOT NULL
) STRICT;
