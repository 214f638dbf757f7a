-- Private parts of entries as age files (wire SYNC-019): ciphertext that nothing here opens.
CREATE TABLE sealed (
  village text COLLATE "C" NOT NULL,
  name    bytea NOT NULL,                         -- of the entry
  file    bytea NOT NULL,
  PRIMARY KEY (village, name)
) PARTITION BY HASH (village);

DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('CREATE TABLE sealed_%s PARTITION OF sealed FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
    -- It does not compress.
    EXECUTE format('ALTER TABLE sealed_%s ALTER COLUMN file SET STORAGE EXTERNAL', part);
  END LOOP;
END $$;

-- Entries whose private part has ended: folded from journal.private-erased, asked whenever a part comes.
CREATE TABLE erased (
  village text COLLATE "C" NOT NULL,
  name    bytea NOT NULL,
  PRIMARY KEY (village, name)
);
