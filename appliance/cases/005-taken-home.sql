-- Additive: letters that their holders take home by phone, on the page of their number.
CREATE TABLE citizen_case_home (
  letter   TEXT PRIMARY KEY,
  wrong    INTEGER NOT NULL DEFAULT 0,   -- birth dates that were wrong
  taken_at INTEGER                       -- the last time; null: nobody has yet
) STRICT;
