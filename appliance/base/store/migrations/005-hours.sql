-- When the office is open, how many a day it serves, what is booked, and how well waits were foretold. All folded.

ALTER TABLE service ADD COLUMN public_name TEXT;          -- what the waiting room reads; NULL: the name
ALTER TABLE service ADD COLUMN quota INTEGER;             -- numbers a day, bookings included; NULL: no limit
ALTER TABLE ticket ADD COLUMN booking TEXT;               -- the booking that it keeps; NULL: came without one
ALTER TABLE ticket ADD COLUMN booked_at INTEGER;          -- the time it was promised
ALTER TABLE ticket ADD COLUMN promised_p50_s INTEGER;     -- what was told when it was taken, seconds; NULL: nothing
ALTER TABLE ticket ADD COLUMN promised_p80_s INTEGER;

-- service '': the office; a service with hours of its own has a row too. week: JSON, Sunday first.
CREATE TABLE hours (
  service TEXT PRIMARY KEY,
  week    TEXT NOT NULL
) STRICT;

CREATE TABLE holiday (
  day  TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE booking (
  booking      TEXT PRIMARY KEY,
  code         TEXT NOT NULL,      -- four digits, told apart within its day
  service      TEXT NOT NULL,
  day          TEXT NOT NULL,
  from_minute  INTEGER NOT NULL,
  until_minute INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('open', 'arrived', 'no-show', 'cancelled', 'office-closed')),
  ticket       TEXT,
  made_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX booking_day ON booking (day, service);

-- Not folded: which phone made a booking, so that one phone holds two at most. Never leaves the box.
CREATE TABLE booking_phone (
  booking TEXT PRIMARY KEY,
  phone   TEXT NOT NULL
) STRICT;
CREATE INDEX booking_phone_phone ON booking_phone (phone);

-- How many tickets of a day were called within what they were told.
CREATE TABLE wait_score (
  day     TEXT PRIMARY KEY,
  tickets INTEGER NOT NULL,
  p50     INTEGER NOT NULL,
  p80     INTEGER NOT NULL
) STRICT;
