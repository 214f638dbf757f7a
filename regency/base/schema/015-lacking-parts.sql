-- Which box has sent an entry without its private part: it has none, and is not asked for it again (wire SYNC-019).
CREATE TABLE lacking_part (
  village text COLLATE "C" NOT NULL,
  name    bytea NOT NULL,                         -- of the entry
  box     text COLLATE "C" NOT NULL,
  PRIMARY KEY (village, name, box)
);

-- When the parts that are lacking here were last looked for at its hello.
ALTER TABLE known_box ADD COLUMN parts_sought_at timestamptz;

-- Few entries have one.
CREATE INDEX entry_private ON entry (village, name) WHERE p IS NOT NULL;
