-- Boxes besides the owner, what the hub has counted of each village, and what somebody should look at.

-- When the rows of a village were last counted against its cursors (F60).
ALTER TABLE stream ADD COLUMN checked_at timestamptz;

-- Every box that said hello for a village, with the key that it showed: `balai hub owner` enrols it from here.
CREATE TABLE known_box (
  village  text COLLATE "C" NOT NULL,
  box      text COLLATE "C" NOT NULL,
  key      text COLLATE "C" NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, box)
);

-- What a village's line carried, by the hub's day (UTC).
CREATE TABLE meter (
  village  text COLLATE "C" NOT NULL,
  day      date NOT NULL,
  bytes_up bigint NOT NULL DEFAULT 0,
  hellos   bigint NOT NULL DEFAULT 0,
  batches  bigint NOT NULL DEFAULT 0,
  wants    bigint NOT NULL DEFAULT 0,
  dropped  bigint NOT NULL DEFAULT 0,              -- over the limits of rules 5 and 16
  PRIMARY KEY (village, day)
);

-- The daily count of a box held against this table (rule 15): a second, independent proof of delivery.
CREATE TABLE day_total (
  village    text COLLATE "C" NOT NULL,
  name       bytea NOT NULL,                       -- the entry that gave the count
  at         timestamptz,                          -- by the box's clock; NULL: no time that a calendar has
  counted    bigint NOT NULL,                      -- entries that the box counted
  differs    json,                                 -- type → [box, hub], where the two differ; NULL: they agree
  checked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, name)
);

-- What is wrong now; a row goes when it is right again. `village` is empty for the hub's own.
CREATE TABLE alarm (
  village text COLLATE "C" NOT NULL,
  code    text COLLATE "C" NOT NULL,
  since   timestamptz NOT NULL DEFAULT now(),
  detail  text NOT NULL DEFAULT '',
  PRIMARY KEY (village, code)
);
