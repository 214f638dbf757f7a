-- Additive: each village's day goes out by mail once, where villages.csv has an address for it.
ALTER TABLE village_contact ADD COLUMN email text NOT NULL DEFAULT '';
CREATE TABLE summary_mailed (
  village   text COLLATE "C" NOT NULL,
  day       date NOT NULL,
  mailed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, day)
);
