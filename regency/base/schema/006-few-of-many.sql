-- Two kinds of entries are looked for every minute among all that there are: without these, one village's bulk makes every
-- look slow.
CREATE INDEX entry_beginning ON entry (village, written_at) WHERE type = 'journal.epoch-began';
CREATE INDEX entry_day_total ON entry (village, name) WHERE type = 'journal.day-totalled';
