-- Every minute, and each time somebody looks at the console, the hub asks for today's tickets, for what has to be compared
-- and for what is wrong. Each of these is found by what it asks for, and not by reading a year of all villages.

-- Today's tickets of all villages stand together. One village's are found by the primary key.
DROP INDEX ticket_day;
CREATE INDEX ticket_day ON ticket (day, village);

-- The epochs that began in the last days.
DROP INDEX entry_beginning;
CREATE INDEX entry_beginning ON entry (written_at) WHERE type = 'journal.epoch-began';

-- A day's count has a row as soon as it has been folded; checked_at is NULL until it was compared.
ALTER TABLE day_total
  ALTER COLUMN checked_at DROP DEFAULT,
  ALTER COLUMN checked_at DROP NOT NULL;
CREATE INDEX day_total_due ON day_total (village, checked_at NULLS FIRST, name) WHERE checked_at IS NULL OR differs IS NOT NULL;
CREATE INDEX day_total_newest ON day_total (village, at DESC NULLS LAST) WHERE checked_at IS NOT NULL;

-- Those that wait to be compared now. What a count says is no matter here: it is read again before it is compared.
INSERT INTO day_total (village, name, counted)
SELECT e.village, e.name, 0
FROM entry e
WHERE e.type = 'journal.day-totalled'
  AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.village = e.village AND s.name = e.name)
ON CONFLICT DO NOTHING;
DROP INDEX entry_day_total;

CREATE INDEX meter_dropped ON meter (day) WHERE dropped > 0;
CREATE INDEX enrolment_misused ON enrolment (misused_at) WHERE misused_at IS NOT NULL;
