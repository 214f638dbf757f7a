-- Who may become a village's box, and the certificates that were given out. The fleet tool writes what it made, the hub
-- what it signed; both read all of it.

-- One row per enrolment file. What is wrong with a later use of it is an alarm.
CREATE TABLE enrolment (
  village    text COLLATE "C" NOT NULL,
  token_hash text COLLATE "C" NOT NULL,            -- SHA-256 of the file's one-time token, hex
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  used_at    timestamptz,
  used_key   text COLLATE "C",                     -- the Ed25519 key of the box that used it
  misused_at timestamptz,                          -- when another box last tried to use it again
  PRIMARY KEY (village, token_hash)
);

-- Certificates by which a village's boxes reach the broker.
CREATE TABLE certificate (
  village    text COLLATE "C" NOT NULL,
  serial     text COLLATE "C" NOT NULL,            -- as in the certificate, hex
  key        text COLLATE "C",                     -- Ed25519 key of the box that asked; NULL: made by the fleet tool
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (village, serial)
);

-- A key that came by enrolment or by an operator's word, not by being the first one seen.
ALTER TABLE signing_key ADD COLUMN enrolled boolean NOT NULL DEFAULT false;
