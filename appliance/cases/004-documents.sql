-- Additive: documents that agencies send back. Which ones there are comes from the journal; what is in them does not.
CREATE TABLE citizen_case_document (
  id         TEXT PRIMARY KEY,
  ordinal    INTEGER NOT NULL,
  case_id    TEXT NOT NULL,
  file       TEXT NOT NULL,         -- SHA-256 of the age file, base64url
  size       INTEGER NOT NULL,      -- bytes
  named_at   INTEGER NOT NULL,
  outcome    TEXT,                  -- here, unreadable; null: it is being fetched
  arrived_at INTEGER
) STRICT;
CREATE INDEX citizen_case_document_case ON citizen_case_document (case_id, ordinal);
CREATE INDEX citizen_case_document_open ON citizen_case_document (ordinal) WHERE outcome IS NULL;

-- Not folded. What has come of one that is not whole yet, sealed; and the PDF, in the box and its backup only.
CREATE TABLE citizen_case_document_part (
  file  TEXT NOT NULL,
  first INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (file, first)
) STRICT;
CREATE TABLE citizen_case_document_file (
  document TEXT PRIMARY KEY,
  bytes    BLOB NOT NULL
) STRICT;
