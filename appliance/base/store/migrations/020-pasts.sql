-- What a journal needs that may meet another past: which epochs and rows came back as history, what was set aside.

-- 1: begun by this box. 0: learned from the regency.
ALTER TABLE epoch ADD COLUMN here INTEGER NOT NULL DEFAULT 1 CHECK (here IN (0, 1));

-- 1: came back when this box had written on already, so it was folded by its type's rule for late history.
ALTER TABLE entry ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1));

-- Entries that no longer verify. The row stays where it was, for whoever looks; its true name is free for the regency's
-- good copy, which then takes the row over.
CREATE TABLE damaged (
  row      INTEGER PRIMARY KEY REFERENCES entry (row),
  name     BLOB NOT NULL,          -- as it was before the damage, as far as the places tell
  epoch    TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  found_at INTEGER NOT NULL
) STRICT;

-- History that could not be folded: kept, shown, and tried again when more comes.
CREATE TABLE unfolded (
  row    INTEGER PRIMARY KEY REFERENCES entry (row),
  reason TEXT NOT NULL,
  since  INTEGER NOT NULL
) STRICT;
