-- Additive: photos that go to an agency, sealed to its key and the village's, until the hub has them. Not folded: what the hub
-- has it says by itself.
CREATE TABLE citizen_case_photo_sent (
  file      TEXT PRIMARY KEY,       -- SHA-256 of the age file, base64url: by it the entry names it
  photo     TEXT NOT NULL,
  case_id   TEXT NOT NULL,
  recipient TEXT NOT NULL,          -- the agency's key
  size      INTEGER NOT NULL,       -- bytes
  bytes     BLOB,                   -- null: the hub has it, or nobody needs it any more
  sent_at   INTEGER                 -- null: it is on its way
) STRICT;
CREATE INDEX citizen_case_photo_sent_case ON citizen_case_photo_sent (case_id);
CREATE INDEX citizen_case_photo_sent_open ON citizen_case_photo_sent (case_id) WHERE sent_at IS NULL AND bytes IS NOT NULL;
