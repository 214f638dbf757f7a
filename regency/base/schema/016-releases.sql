-- Bundles that the dataset `system` names, in parts of 1 MiB: a hub gives a box a piece of one part.
CREATE TABLE release_file (
  sha256     text COLLATE "C" PRIMARY KEY,        -- base64url
  compatible text NOT NULL,                       -- the kind of machine: balai-pi
  version    text NOT NULL,
  bytes      bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE release_part (
  sha256 text COLLATE "C" NOT NULL REFERENCES release_file ON DELETE CASCADE,
  n      integer NOT NULL,                        -- from 0
  bytes  bytea NOT NULL,
  PRIMARY KEY (sha256, n)
);
-- Packed already.
ALTER TABLE release_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- How far a release goes: by itself from one box to ten to all, until a box has trouble with it.
CREATE TABLE rollout (
  release    bigint PRIMARY KEY,                  -- the version of the dataset `system`
  files      text[] NOT NULL,                     -- SHA-256 of its bundles
  moment     text NOT NULL,                       -- when boxes take it: now, night
  stage      text NOT NULL,                       -- 1, 10, all
  since      timestamptz NOT NULL,                -- of this stage
  stopped_at timestamptz,                         -- NULL: it goes on
  village    text COLLATE "C",                    -- whose box had trouble; NULL: a person stopped it
  why        text                                 -- fell-back, failed, silent, and in which words
);

-- What became of updates, by the boxes' own word: folded from entries.
CREATE TABLE release_update (
  village  text COLLATE "C" NOT NULL,
  update   text COLLATE "C" NOT NULL,
  release  bigint,                                -- by which the regency asked; NULL: somebody brought a stick
  version  text,
  asked_at timestamptz,
  begun_at timestamptz,                           -- these by the box's clock
  ended_at timestamptz,
  heard       timestamptz NOT NULL DEFAULT now(), -- these by the hub's: a box may wake up in another year
  begun_heard timestamptz,
  ended_heard timestamptz,
  outcome  text,                                  -- done, fell-back, failed, taken-back; passed over: already, older, …
  reason   text,
  PRIMARY KEY (village, update)
);
CREATE INDEX release_update_release ON release_update (release, village);
