-- Additive: what became of a village over time, so that whoever looks at it sees more than the last minute: its health in three
-- grains, its alarms with their ends, whom to call, and what people note.

-- One row a minute for two days, one an hour for three months, one a day for ever. `minutes`: in how many the box was heard.
-- village '': the hub itself, so that its own pause is not taken for a village's.
CREATE TABLE health_minute (
  village   text COLLATE "C" NOT NULL,
  at        timestamptz NOT NULL,                 -- begin of the grain, by the hub's clock
  minutes   integer NOT NULL,
  waiting   integer,                              -- people, the most
  wait      real,                                 -- median minutes of the day so far
  backlog   integer,                              -- entries not yet here, the most
  disk_mb   integer,                              -- free, the least
  celsius   real,                                 -- the most
  low_power boolean,                              -- ever
  PRIMARY KEY (village, at)
);
CREATE TABLE health_hour (LIKE health_minute INCLUDING ALL);
CREATE TABLE health_day (LIKE health_minute INCLUDING ALL);

-- Every alarm that there was, of boxes and of the hub; NULL ended_at: it goes on. One that comes back within ten minutes is the same.
CREATE TABLE trouble (
  trouble  bigint GENERATED ALWAYS AS IDENTITY,
  village  text COLLATE "C" NOT NULL,             -- empty for the hub's own
  code     text COLLATE "C" NOT NULL,             -- a box's, or 'hub.' and the hub's
  severity text NOT NULL,
  details  jsonb NOT NULL,
  since    timestamptz NOT NULL,
  ended_at timestamptz,
  name     text,                                  -- who worked on it, and what was noted
  note     text,
  PRIMARY KEY (village, trouble)
);
CREATE INDEX trouble_number ON trouble (trouble);
CREATE UNIQUE INDEX trouble_open ON trouble (village, code) WHERE ended_at IS NULL;
CREATE INDEX trouble_ended ON trouble (village, ended_at DESC) WHERE ended_at IS NOT NULL;

-- Whom to call, as villages.csv says it.
CREATE TABLE village_contact (
  village          text COLLATE "C" PRIMARY KEY,
  contact          text NOT NULL,
  phone            text NOT NULL,
  technician       text NOT NULL,
  technician_phone text NOT NULL
);

-- What the regency's people should know of a village; each change is a row of audit.
CREATE TABLE village_note (
  village text COLLATE "C" PRIMARY KEY,
  note    text NOT NULL,
  account text COLLATE "C" NOT NULL,
  name    text NOT NULL,
  at      timestamptz NOT NULL DEFAULT now()
);
