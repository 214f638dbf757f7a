-- An emptied hub takes an old box's epochs back in a day: those that a hello names have a row from then on, with nothing
-- in it, and do not count as begun that day.
ALTER TABLE epoch_cursor ADD COLUMN named boolean NOT NULL DEFAULT false;
