-- Additive: how long what is kept of people stays, and a mark of those whose days were over.
CREATE TABLE resident_retention (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  days TEXT NOT NULL                  -- JSON: retention-rules.ts
) STRICT;

-- 0: erased by a person; 1: the days were over, so a file that still says dead or moved brings nobody back.
ALTER TABLE resident_erased_mark ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
