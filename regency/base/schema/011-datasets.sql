-- What the regency publishes, and which version each village shall have.

CREATE TABLE dataset_version (
  dataset text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  at      timestamptz NOT NULL,
  sha256  text COLLATE "C" NOT NULL,              -- base64url, of the file
  file    bytea NOT NULL,                         -- gzip
  doer    text NOT NULL,                          -- who published it, by name
  note    text NOT NULL,
  places  text[] NOT NULL,                        -- codes of districts or of villages that it is meant for; none: all
  PRIMARY KEY (dataset, version)
);
-- Packed already.
ALTER TABLE dataset_version ALTER COLUMN file SET STORAGE EXTERNAL;

CREATE SEQUENCE dataset_offer_change;
CREATE TABLE dataset_offer (
  village text COLLATE "C" NOT NULL,
  dataset text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  change  bigint NOT NULL DEFAULT nextval('dataset_offer_change'),  -- a running hub looks for newer ones
  PRIMARY KEY (village, dataset),
  FOREIGN KEY (dataset, version) REFERENCES dataset_version
);
CREATE INDEX dataset_offer_news ON dataset_offer (change);

-- What the boxes say that they have: folded from entries.
CREATE TABLE dataset_state (
  village text COLLATE "C" NOT NULL,
  dataset text COLLATE "C" NOT NULL,
  current bigint,                                 -- NULL: none was ever taken
  current_at timestamptz,                         -- of the newest entry that says so
  refused bigint,                                 -- the last that did not fit or was taken back; over when current is higher
  why     text,                                   -- checksum, unreadable, schema and where, rolled-back
  refused_at timestamptz,
  PRIMARY KEY (village, dataset)
);
