-- The regency's copy of every village's journal: entries, and the places where they stand (design section 4).
-- Every key begins with the village, and what grows is partitioned by it. Collation "C": codes and random characters
-- are compared as bytes, four times faster than by the rules of a language.

-- One row per village. Whoever writes anything of a village locks this row first.
CREATE TABLE stream (
  village  text COLLATE "C" PRIMARY KEY CHECK (village ~ '^[0-9]{10}$'),
  owner    text,                                  -- box that owns the village now; the first that said hello
  began_at timestamptz NOT NULL DEFAULT now()
);

-- Keys whose signature counts. Before provisioning: the first one seen.
CREATE TABLE signing_key (
  village     text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,          -- Ed25519 public key, raw 32 bytes, base64url
  box         text COLLATE "C" NOT NULL,
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  revoked_at  timestamptz,
  PRIMARY KEY (village, key)
);

-- How far each epoch is here: the end of its unbroken, verified chain. Readers go by (village, epoch, seq) up to this
-- cursor, never by a serial column or by written_at: rows become visible in the order of commits (F43).
CREATE TABLE epoch_cursor (
  village  text COLLATE "C" NOT NULL,
  epoch    text COLLATE "C" NOT NULL,
  seq      bigint NOT NULL CHECK (seq >= 0),
  hash     bytea NOT NULL CHECK (length(hash) = 32),
  began_at timestamptz NOT NULL DEFAULT now(),
  moved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, epoch)
);

CREATE TABLE place (
  village text COLLATE "C" NOT NULL,
  epoch   text COLLATE "C" NOT NULL,
  seq     bigint NOT NULL,
  hash    bytea NOT NULL,
  name    bytea NOT NULL,                         -- the entry that stands here
  PRIMARY KEY (village, epoch, seq)
) PARTITION BY HASH (village);

-- data is json, not jsonb: jsonb refuses "\u0000", and what an entry says must never stop a stream. data->>'service'
-- works on both; cast to jsonb for the rest.
CREATE TABLE entry (
  village    text COLLATE "C" NOT NULL,
  name       bytea NOT NULL,                      -- its hash at its first place, for ever
  type       text COLLATE "C" NOT NULL,
  at         bigint NOT NULL,                     -- ms since 1970 UTC by the box's clock
  clock      text COLLATE "C" NOT NULL,           -- synced, confirmed, doubtful
  actor      text COLLATE "C" NOT NULL,
  key        text COLLATE "C",                    -- of the command; not unique here
  data       json NOT NULL,
  p          bytea,                               -- SHA-256 of its private part; NULL: it has none
  origin     json,                                -- [epoch, seq, prev] of its first place; NULL: it arrived there
  written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, name)
) PARTITION BY HASH (village);

DO $$
BEGIN
  FOR part IN 0..7 LOOP
    EXECUTE format('CREATE TABLE place_%s PARTITION OF place FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
    EXECUTE format('CREATE TABLE entry_%s PARTITION OF entry FOR VALUES WITH (MODULUS 8, REMAINDER %s)', part, part);
  END LOOP;
END $$;

-- What regency engineers read: each entry at each of its places, in order within an epoch.
CREATE VIEW journal AS
SELECT p.village, p.epoch, p.seq, e.type,
  CASE WHEN e.at BETWEEN 0 AND 253402300799999 THEN to_timestamp(e.at / 1000.0) END AS at,
  e.clock, e.actor, e.key, e.data, e.name, p.hash = p.name AS first_place
FROM place p
JOIN entry e USING (village, name);
