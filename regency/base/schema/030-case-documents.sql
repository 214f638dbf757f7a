-- Additive: documents that agencies send back (wire SYNC-026), sealed to the village's box: ciphertext that nothing here opens.
CREATE TABLE case_document (
  village  text COLLATE "C" NOT NULL,
  document text COLLATE "C" NOT NULL,
  case_id  text COLLATE "C" NOT NULL,
  agency   text COLLATE "C" NOT NULL,
  file     text COLLATE "C" NOT NULL,          -- SHA-256 of the age file, base64url
  size     integer NOT NULL,                   -- bytes
  bytes    bytea,                              -- NULL: the village has it, or it has waited for too long
  at       timestamptz NOT NULL,
  outcome  text,                               -- by the village's box: here, unreadable; NULL: not yet
  PRIMARY KEY (village, document)
);
ALTER TABLE case_document ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX case_document_file ON case_document (village, file) WHERE bytes IS NOT NULL;
CREATE INDEX case_document_case ON case_document (village, case_id);
