-- A call in the collection lane is no ordinary one: counted as such it let tickets with priority overtake more often
-- than the ratio of the settings allows.
ALTER TABLE call ADD COLUMN lane INTEGER NOT NULL DEFAULT 0 CHECK (lane IN (0, 1));
