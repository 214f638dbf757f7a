-- Additive: what citizens of villages apply for, without anybody in it. What went to an agency lies sealed beside it, and only
-- the agency's own key opens it.
CREATE TABLE citizen_case (
  village    text COLLATE "C" NOT NULL,
  id         text COLLATE "C" NOT NULL,
  kind       text,                        -- NULL: that entry is not here yet
  title      text,
  agency     text,                        -- code of the dataset agencies; NULL: it goes nowhere else
  opened_at  timestamptz,
  relayed_at timestamptz,
  relayed    bytea,                       -- name of the entry that went to the agency: its part is in "sealed"
  papers     jsonb,                       -- names of the papers that the village has seen
  due_at     timestamptz,
  state      text NOT NULL,               -- open, letter, relayed, received, papers, working, done, refused, closed, withdrawn
  state_at   timestamptz NOT NULL,
  text       text,                        -- what the agency has said
  PRIMARY KEY (village, id)
);
CREATE INDEX citizen_case_agency ON citizen_case (agency, relayed_at, village, id) WHERE relayed IS NOT NULL;

-- By what an agency reads what villages have sent it, and answers: one token each, of which only the hash is here.
CREATE TABLE agency_access (
  agency     text COLLATE "C" PRIMARY KEY,   -- code of the dataset agencies
  token_hash bytea NOT NULL,
  made_at    timestamptz NOT NULL,
  may_notify boolean NOT NULL                -- whether it may tell villages of births and deaths
);

-- Notices of births and deaths that have not reached their village yet.
CREATE INDEX command_given_sealed ON command_given (expires) WHERE type = 'notice' AND data ? 'sealed';
