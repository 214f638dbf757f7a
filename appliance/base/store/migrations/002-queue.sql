-- State of the queue, folded from the journal. Tables are keyed by the random ids that entries carry.

CREATE TABLE service (
  service  TEXT PRIMARY KEY,
  prefix   TEXT NOT NULL,
  name     TEXT NOT NULL,
  requires TEXT NOT NULL,          -- JSON array of what to bring
  minutes  INTEGER NOT NULL,       -- published service time
  collection INTEGER NOT NULL DEFAULT 0 CHECK (collection IN (0, 1)),  -- finished papers are fetched here
  open     INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  ordinal  INTEGER NOT NULL        -- row of the entry that added it: the order on the kiosk
) STRICT;

CREATE TABLE counter (
  counter TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  open    INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  account TEXT,                    -- who works there now
  paused  INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  back_at INTEGER,                 -- said to be back at
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
  ordinal    INTEGER PRIMARY KEY,  -- row of the entry that took it
  ticket     TEXT NOT NULL UNIQUE,
  day        TEXT NOT NULL,
  number     INTEGER NOT NULL,
  label      TEXT NOT NULL,        -- as people read it: A014
  grp        TEXT,                 -- priority group; NULL: none
  taken_at   INTEGER NOT NULL,
  taken_clock TEXT NOT NULL,       -- how far taken_at can be believed

  service    TEXT NOT NULL,        -- from here on: what steps change, and what undoing one puts back
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'missed', 'parked', 'completed', 'no-show', 'cancelled', 'closed')),
  rank       REAL NOT NULL,        -- place in the line; the ordinal unless somebody moved it
  held_for   TEXT,                 -- only this counter calls it
  counter    TEXT,                 -- that called it last
  calls      INTEGER NOT NULL DEFAULT 0,
  misses     INTEGER NOT NULL DEFAULT 0,
  returns_in INTEGER,              -- missed: so many calls of its service come first
  gave_way   INTEGER NOT NULL DEFAULT 0,
  parked_for TEXT,
  result     TEXT,
  called_at  INTEGER,              -- first call
  last_call_at INTEGER,
  started_at INTEGER,
  ended_at   INTEGER,

  step       TEXT,                 -- type of the last step that can be undone; NULL: none
  step_at    INTEGER,
  step_by    TEXT,
  before     TEXT                  -- JSON of the columns above, as they were before that step
) STRICT;

-- Every ticket that is not ended; queries say `ended_at IS NULL`, or SQLite does not know that this index serves them.
CREATE INDEX ticket_open ON ticket (service, rank) WHERE ended_at IS NULL;

-- Further services of the same visit, in order.
CREATE TABLE chained_service (
  ticket  TEXT NOT NULL REFERENCES ticket (ticket),
  ordinal INTEGER NOT NULL,
  service TEXT NOT NULL,
  begun   INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
  PRIMARY KEY (ticket, ordinal)
) STRICT, WITHOUT ROWID;

-- A counter has one ticket at a time, and no ticket is at two counters: the database holds it, whatever the code does.
CREATE UNIQUE INDEX ticket_at_counter ON ticket (counter) WHERE state IN ('called', 'serving');

-- Calls of the office day, newest last: what the display announces.
CREATE TABLE call (
  ordinal INTEGER PRIMARY KEY,
  call    TEXT NOT NULL,
  ticket  TEXT NOT NULL REFERENCES ticket (ticket),
  counter TEXT NOT NULL,
  count   INTEGER NOT NULL,
  priority INTEGER NOT NULL CHECK (priority IN (0, 1)),
  undone  INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  at      INTEGER NOT NULL
) STRICT;

CREATE TABLE notice (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  text TEXT NOT NULL
) STRICT;

-- How this office calls; absent: the defaults.
CREATE TABLE queue_settings (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE survey (
  ordinal INTEGER PRIMARY KEY,
  day     TEXT NOT NULL,
  service TEXT NOT NULL,
  answers TEXT NOT NULL            -- JSON by element
) STRICT;

-- Not folded: tickets that were asked, so that each answers once and no entry links a ticket with its answers.
CREATE TABLE surveyed (
  ticket TEXT PRIMARY KEY
) STRICT;
