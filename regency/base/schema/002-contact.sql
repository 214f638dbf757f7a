-- What the hub knows of villages and boxes besides their journals, and who may look at it.

-- The regency's code table. A village that is renamed, merged or split gets a row with later dates; entries keep the
-- code under which they were written (F45).
CREATE TABLE village (
  village       text COLLATE "C" NOT NULL CHECK (village ~ '^[0-9]{10}$'),
  kind          text NOT NULL CHECK (kind IN ('desa', 'kelurahan')),
  name          text NOT NULL,
  district_code text COLLATE "C" NOT NULL CHECK (district_code ~ '^[0-9]{6}$'),
  district      text NOT NULL,
  valid_from    date NOT NULL,
  valid_to      date,                             -- the first day on which it is no longer so; NULL: it is so today
  PRIMARY KEY (village, valid_from)
);
CREATE UNIQUE INDEX village_today ON village (village) WHERE valid_to IS NULL;

-- The latest of each box: not history, replaced whenever something newer comes.
CREATE TABLE contact (
  village   text COLLATE "C" PRIMARY KEY,
  state     text NOT NULL CHECK (state IN ('connected', 'offline', 'never')),
  since     timestamptz NOT NULL,                 -- of this state
  seen_at   timestamptz,                          -- when anything last came from it
  session   text,                                 -- the session last seen online: only its own last will counts (F39)
  box       text,
  version   text,
  health    json,
  health_at timestamptz
);

-- Messages that could not be taken, since the hub was set up.
CREATE TABLE refused (
  village text COLLATE "C" NOT NULL,
  code    text NOT NULL,
  count   bigint NOT NULL,
  message text NOT NULL,                          -- of the last one
  last_at timestamptz NOT NULL,
  PRIMARY KEY (village, code)
);

-- Who may log in to the console.
CREATE TABLE account (
  account   text COLLATE "C" PRIMARY KEY,
  name      text NOT NULL,
  pin_hash  text,                                 -- argon2id; NULL: nobody can log in with it
  closed_at timestamptz,
  made_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_name ON account (lower(name)) WHERE closed_at IS NULL;
