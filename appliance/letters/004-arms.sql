-- Additive: the coat of arms on letterheads. Which one it is comes from the journal; the picture, too large for an entry, does not.
CREATE TABLE letter_arms (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  hash  TEXT NOT NULL,           -- SHA-256 of the file, base64url
  at    INTEGER NOT NULL,
  actor TEXT NOT NULL
) STRICT;

-- Not folded: in the box and its backup. After a rebuild from the regency somebody brings it again.
CREATE TABLE letter_arms_file (
  hash  TEXT PRIMARY KEY,
  kind  TEXT NOT NULL CHECK (kind IN ('image/png', 'image/jpeg')),
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
