-- Additive: photos of papers that go to an agency (wire SYNC-025): ciphertext that nothing here opens.

-- What entries name: folded from cases.relayed, and asked whenever a piece comes.
CREATE TABLE case_photo (
  village  text COLLATE "C" NOT NULL,
  file     text COLLATE "C" NOT NULL,          -- SHA-256 of the age file, base64url
  case_id  text COLLATE "C" NOT NULL,
  photo    text COLLATE "C" NOT NULL,
  paper    text,                               -- NULL: one that the application does not ask for
  size     integer NOT NULL,                   -- bytes
  named    bytea NOT NULL,                     -- the newest entry that names it: it counts while that is the case's newest
  named_at timestamptz NOT NULL,
  PRIMARY KEY (village, file)
);
CREATE INDEX case_photo_case ON case_photo (village, case_id);
CREATE INDEX case_photo_named ON case_photo (village, named);

-- What has come of a file that is not whole yet, in the order of its bytes.
CREATE TABLE case_photo_piece (
  village text COLLATE "C" NOT NULL,
  file    text COLLATE "C" NOT NULL,
  first   integer NOT NULL,
  bytes   bytea NOT NULL,
  PRIMARY KEY (village, file, first)
);
-- Neither compresses.
ALTER TABLE case_photo_piece ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE case_photo_file (
  village    text COLLATE "C" NOT NULL,
  file       text COLLATE "C" NOT NULL,
  bytes      bytea NOT NULL,
  arrived_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, file)
);
ALTER TABLE case_photo_file ALTER COLUMN bytes SET STORAGE EXTERNAL;
