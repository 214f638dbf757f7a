-- Additive: what was sent, beside what was collected: the two make the book of dispatched letters.
CREATE TABLE letter_sent (
  entry_row INTEGER PRIMARY KEY,
  series    TEXT NOT NULL,
  year      INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  on_day    TEXT NOT NULL,
  at        INTEGER NOT NULL,
  actor     TEXT NOT NULL
) STRICT;
CREATE INDEX letter_sent_number ON letter_sent (series, year, number);
CREATE INDEX letter_sent_day ON letter_sent (on_day);
CREATE INDEX letter_collected ON letter (collected_at) WHERE collected_at IS NOT NULL;
