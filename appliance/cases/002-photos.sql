-- Additive: photos of the papers that a citizen brings. Which ones there are comes from the journal; a picture, too large for
-- an entry, does not.
CREATE TABLE citizen_case_photo (
  id       TEXT PRIMARY KEY,
  ordinal  INTEGER NOT NULL,             -- of its entry: the order in which they were taken
  case_id  TEXT NOT NULL,
  paper    TEXT,                         -- of the case's list; null: another one
  hash     TEXT NOT NULL,                -- SHA-256 of the picture, base64url
  size     INTEGER NOT NULL,             -- bytes
  width    INTEGER NOT NULL,
  height   INTEGER NOT NULL,
  by_phone INTEGER NOT NULL CHECK (by_phone IN (0, 1)),
  taken_at INTEGER NOT NULL,
  taken_by TEXT NOT NULL                 -- whoever took it, or let the phone take it
) STRICT;
CREATE INDEX citizen_case_photo_case ON citizen_case_photo (case_id, ordinal);
CREATE INDEX citizen_case_photo_hash ON citizen_case_photo (hash);

-- Not folded: in the box and its backup, and nowhere else in clear.
CREATE TABLE citizen_case_photo_file (
  hash  TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;
