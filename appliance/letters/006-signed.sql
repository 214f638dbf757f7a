-- Additive: letters that are signed electronically. `signing`: 'waits', 'electronic', 'pen'; null: by pen, as all were before.
ALTER TABLE letter ADD COLUMN signing TEXT;
CREATE INDEX letter_unsigned ON letter (issued_row) WHERE signing = 'waits';

CREATE TABLE letter_electronic (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  address TEXT,                  -- of the service; null: nobody signs electronically (any more)
  signers TEXT NOT NULL          -- JSON: ids of signatories
) STRICT;

-- Not folded: in the box and its backup. After a rebuild from the regency somebody types it again.
CREATE TABLE letter_electronic_secret (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  user     TEXT NOT NULL,
  password TEXT NOT NULL,
  niks     TEXT NOT NULL         -- JSON: NIK of each signatory
) STRICT;

-- Not folded: the signed PDF, which is the letter itself.
CREATE TABLE letter_signed_file (
  letter TEXT PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT;
