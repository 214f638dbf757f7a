-- What the entries of the queue mean, folded afterwards from the journal (rule 6). Everything here can be folded again.

-- How far each epoch has been folded, and by which version of the folding code.
CREATE TABLE projection_cursor (
  village text COLLATE "C" NOT NULL,
  epoch   text COLLATE "C" NOT NULL,
  seq     bigint NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (village, epoch)
);

-- Entries that could not be folded. Tried again when more of their village arrives.
CREATE TABLE set_aside (
  village  text COLLATE "C" NOT NULL,
  name     bytea NOT NULL,
  type     text NOT NULL,
  reason   text NOT NULL,
  since    timestamptz NOT NULL DEFAULT now(),
  tried_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, name)
);

CREATE TABLE service (
  village  text COLLATE "C" NOT NULL,
  service  text COLLATE "C" NOT NULL,
  prefix   text,                                  -- NULL until the entry that added it is here
  name     text NOT NULL,
  minutes  integer NOT NULL,                      -- published service time
  named_at timestamptz NOT NULL,                  -- of the entry that gave this name: the latest wins
  PRIMARY KEY (village, service)
);

-- One row per ticket, in whatever order its entries arrive. NULL: that entry is not here (yet).
CREATE TABLE ticket (
  village    text COLLATE "C" NOT NULL,
  ticket     text COLLATE "C" NOT NULL,
  service    text COLLATE "C",
  day        date,                                -- office day in the village's time zone
  number     integer,
  label      text,                                -- as people read it: A014
  taken_at   timestamptz,
  called_at  timestamptz,                         -- first call
  started_at timestamptz,
  ended_at   timestamptz,
  outcome    text CHECK (outcome IN ('completed', 'no-show', 'cancelled', 'closed', 'open')),
  result     text,                                -- of a completed one: done, papers-missing, referred, declined
  counter    text,                                -- that had it last
  counter_at timestamptz,
  PRIMARY KEY (village, ticket)
) PARTITION BY HASH (village);

DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('CREATE TABLE ticket_%s PARTITION OF ticket FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
  END LOOP;
END $$;
CREATE INDEX ticket_day ON ticket (village, day);

CREATE VIEW tickets_per_day AS
SELECT t.village, v.name, t.day, s.name AS service,
  count(*) AS taken,
  count(*) FILTER (WHERE t.outcome = 'completed') AS completed,
  count(*) FILTER (WHERE t.outcome = 'no-show') AS no_show
FROM ticket t
LEFT JOIN village v ON v.village = t.village AND v.valid_to IS NULL
LEFT JOIN service s ON s.village = t.village AND s.service = t.service
WHERE t.day IS NOT NULL
GROUP BY t.village, v.name, t.day, t.service, s.name;

-- Minutes. wait: from taking the ticket to its first call; serving: from start (or call) to completion.
CREATE VIEW waiting_times AS
SELECT t.village, v.name, t.day, s.name AS service,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY m.wait) AS wait_p50,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY m.wait) AS wait_p90,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY m.serving) AS serving_p50,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY m.serving) AS serving_p90
FROM ticket t
CROSS JOIN LATERAL (
  SELECT extract(epoch FROM t.called_at - t.taken_at) / 60.0 AS wait,
    CASE WHEN t.outcome = 'completed' THEN extract(epoch FROM t.ended_at - coalesce(t.started_at, t.called_at)) / 60.0 END AS serving
) m
LEFT JOIN village v ON v.village = t.village AND v.valid_to IS NULL
LEFT JOIN service s ON s.village = t.village AND s.service = t.service
WHERE t.day IS NOT NULL
GROUP BY t.village, v.name, t.day, t.service, s.name;
