-- What the regency asks of its boxes, and what they answer.

CREATE TABLE command_given (
  given      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- the order in which boxes carry them out
  key        text COLLATE "C" NOT NULL UNIQUE,    -- a page that asks twice gives one
  type       text COLLATE "C" NOT NULL,
  data       jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  expires    timestamptz NOT NULL,
  doer       text NOT NULL                        -- who gave it, by name
);

-- One for each village that it was given to.
CREATE TABLE command (
  village text COLLATE "C" NOT NULL,
  id      text COLLATE "C" NOT NULL,
  given   bigint NOT NULL REFERENCES command_given,
  PRIMARY KEY (village, id)
);
CREATE INDEX command_of_given ON command (given, village);

-- What the boxes say became of them: folded from entries.
CREATE TABLE command_outcome (
  village text COLLATE "C" NOT NULL,
  id      text COLLATE "C" NOT NULL,
  at      timestamptz,                            -- NULL: only its reading is known yet
  outcome text COLLATE "C",                       -- done, refused, expired, failed
  detail  text COLLATE "C",
  read_at timestamptz,                            -- of a message
  PRIMARY KEY (village, id)
);
