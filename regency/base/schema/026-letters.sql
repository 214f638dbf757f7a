-- Additive: letters that villages have issued, without anybody in them: what says of a number whether it counts. What they
-- say, only the village can open.
CREATE TABLE letter (
  village   text COLLATE "C" NOT NULL,
  letter    text COLLATE "C" NOT NULL,
  written   text,                         -- its number as on paper; NULL: that entry is not here yet
  title     text,
  on_day    date,
  issued_at timestamptz,
  voided_at timestamptz,                  -- since when it counts no more
  collected_at timestamptz,
  PRIMARY KEY (village, letter)
);
CREATE INDEX letter_void ON letter (village, letter) WHERE voided_at IS NOT NULL;
