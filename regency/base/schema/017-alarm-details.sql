-- Additive: what fills an alarm's sentence as members, so that each language says it in its own words; and when each office is
-- open, so that a box that is silent then is told from one that rests.

ALTER TABLE alarm ADD COLUMN details jsonb NOT NULL DEFAULT '{}';

-- Folded from entries: the newest of each kind counts.
CREATE TABLE office_hours (
  village     text COLLATE "C" PRIMARY KEY,
  week        json,                               -- Sunday first, spans of minutes; NULL: the office has none of its own
  week_at     timestamptz,
  holidays    json,                               -- days as text, all of them
  holidays_at timestamptz
);
-- Days on which an office is open, or again closed, though the regency has a holiday.
CREATE TABLE holiday_waived (
  village text COLLATE "C" NOT NULL,
  day     date NOT NULL,
  waived  boolean NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (village, day)
);
