-- Additive: an alarm is acknowledged until when and by whom it is mended, and work that is planned is no trouble.

ALTER TABLE alarm_taken
  ADD COLUMN owner text NOT NULL DEFAULT '',      -- who mends it, where that is another than who took it
  ADD COLUMN until timestamptz;                   -- afterwards it needs somebody again; NULL: until it is over

CREATE TABLE planned_work (
  work     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place    text COLLATE "C" NOT NULL CHECK (place ~ '^([0-9]{6}|[0-9]{10})?$'),  -- a district or a village; empty: all
  begins   timestamptz NOT NULL,
  ends     timestamptz NOT NULL CHECK (ends > begins),
  reason   text NOT NULL,
  account  text COLLATE "C" NOT NULL,
  name     text NOT NULL
);
CREATE INDEX planned_work_ends ON planned_work (ends);
