-- State of the queue, folded from the journal. Tables are keyed by the random ids that entries carry.

CREATE TABLE service (
  service  TEXT PRIMARY KEY,
  prefix   TEXT NOT NULL,
  name     TEXT NOT NULL,
  requires TEXT NOT NULL,          -- JSON array of what to bring
  minutes  INTEGER NOT NULL,       -- published service time
  open     INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  ordinal  INTEGER NOT NULL        -- row of the entry that added it: the order on the kiosk
) STRICT;

CREATE TABLE counter (
  counter TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  open    INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  account TEXT,                    -- who works there now
  ordinal INTEGER NOT NULL
) STRICT;

CREATE TABLE counter_service (
  counter TEXT NOT NULL REFERENCES counter (counter),
  service TEXT NOT NULL,
  PRIMARY KEY (counter, service)
) STRICT, WITHOUT ROWID;

-- One row: the office day that is on. Absent before the first.
CREATE TABLE office_day (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  day   TEXT NOT NULL,
  since INTEGER NOT NULL           -- ordinal behind which this day's tickets stand
) STRICT;

-- The last number of each service's series. Kept for each day, so that a clock set back continues that day's series.
CREATE TABLE series (
  day     TEXT NOT NULL,
  service TEXT NOT NULL,
  last    INTEGER NOT NULL,
  PRIMARY KEY (day, service)
) STRICT, WITHOUT ROWID;

-- Few indexes on purpose: each is one more page that a ticket's commit writes and syncs, on a card that wears.
CREATE TABLE ticket (
  ordinal    INTEGER PRIMARY KEY,  -- row of the entry that took it: the order of the line
  ticket     TEXT NOT NULL UNIQUE,
  day        TEXT NOT NULL,
  service    TEXT NOT NULL,
  number     INTEGER NOT NULL,
  label      TEXT NOT NULL,        -- as people read it: A014
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'completed', 'no-show', 'closed')),
  counter    TEXT,                 -- that called it last
  calls      INTEGER NOT NULL DEFAULT 0,
  result     TEXT,
  taken_at   INTEGER NOT NULL,
  taken_clock TEXT NOT NULL,       -- how far taken_at can be believed
  called_at  INTEGER,              -- first call
  started_at INTEGER,
  ended_at   INTEGER
) STRICT;

CREATE INDEX ticket_open ON ticket (service) WHERE state IN ('waiting', 'called', 'serving');
-- A counter has one ticket at a time, and no ticket is at two counters: the database holds it, whatever the code does.
CREATE UNIQUE INDEX ticket_at_counter ON ticket (counter) WHERE state IN ('called', 'serving');

-- Calls of the office day, newest last: what the display announces.
CREATE TABLE call (
  ordinal INTEGER PRIMARY KEY,
  call    TEXT NOT NULL,
  ticket  TEXT NOT NULL REFERENCES ticket (ticket),
  counter TEXT NOT NULL,
  count   INTEGER NOT NULL,
  at      INTEGER NOT NULL
) STRICT;

CREATE TABLE notice (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  text TEXT NOT NULL
) STRICT;
