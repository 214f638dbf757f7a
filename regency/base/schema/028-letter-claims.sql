-- Additive: letters that are collected in another village than the one that issued them. What is asked and what is answered
-- is sealed from box to box: here stands who asked whom, when, and what came of it. Nobody is in it.
CREATE TABLE letter_claim (
  village   text COLLATE "C" NOT NULL,          -- that asked
  claim     text COLLATE "C" NOT NULL,
  issuer    text COLLATE "C",                   -- whose letter it is; NULL: that entry is not here yet
  asked_at  timestamptz,
  asked_name bytea,                             -- the entry that has what is sealed
  handed_at timestamptz,                        -- the citizen has it
  heard_at  timestamptz NOT NULL DEFAULT now(), -- by the hub, which hands it on for seven days
  PRIMARY KEY (village, claim)
);
CREATE INDEX letter_claim_heard ON letter_claim (heard_at);

CREATE TABLE letter_claim_answer (
  village   text COLLATE "C" NOT NULL,          -- whose letter it is
  asker     text COLLATE "C" NOT NULL,
  claim     text COLLATE "C" NOT NULL,
  outcome   text COLLATE "C" NOT NULL,          -- given, or why not
  letter    text COLLATE "C",
  answered_at timestamptz NOT NULL,
  answer_name bytea NOT NULL,
  heard_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, asker, claim)
);
CREATE INDEX letter_claim_answer_heard ON letter_claim_answer (heard_at);
