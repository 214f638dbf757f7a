-- A counter may be left out of calling by itself; a running text may end with a day.
ALTER TABLE counter ADD COLUMN auto_call INTEGER NOT NULL DEFAULT 1;
ALTER TABLE notice ADD COLUMN until TEXT;
