-- Additive: a session of a wall screen, which shows and does nothing. A program that does not know it takes it for one that has been idle and is locked.
ALTER TABLE session ADD COLUMN watch INTEGER NOT NULL DEFAULT 0 CHECK (watch IN (0, 1));
