-- Additive: the hubs that run on this database, so that each knows what the others see, who serves which district, and
-- whether two call themselves by one name at the broker.
CREATE TABLE hub_node (
  node       text COLLATE "C" PRIMARY KEY,        -- of one start
  client_id  text COLLATE "C" NOT NULL,           -- at the broker
  host       text NOT NULL,
  districts  jsonb,                               -- codes; NULL: all
  found      jsonb NOT NULL,                      -- alarms that only this hub can see
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now()
);
