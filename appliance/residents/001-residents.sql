-- Additive: a cache for service, brought by files and by the regency; never sent on, and not folded from the journal.
-- A person has one row for each import that changed them: since <= current, and until is NULL or > current, is how they
-- are now. So an import is in place at one moment, and goes back to the byte.
CREATE TABLE resident (
  row        INTEGER PRIMARY KEY,
  resident   TEXT NOT NULL,           -- an id, for ever
  since      INTEGER NOT NULL,        -- the import that brought this
  until      INTEGER,                 -- the one that replaced it
  person     TEXT NOT NULL,           -- canonical JSON: person.ts
  nik        TEXT GENERATED ALWAYS AS (person ->> 'nik') VIRTUAL,
  kk         TEXT GENERATED ALWAYS AS (person ->> 'kk') VIRTUAL,
  birth_date TEXT GENERATED ALWAYS AS (person ->> 'birthDate') VIRTUAL
) STRICT;
CREATE INDEX resident_id ON resident (resident);
CREATE INDEX resident_nik ON resident (nik) WHERE nik IS NOT NULL;
CREATE INDEX resident_kk ON resident (kk) WHERE kk IS NOT NULL;
CREATE INDEX resident_birth_date ON resident (birth_date) WHERE birth_date IS NOT NULL;
CREATE INDEX resident_since ON resident (since);
CREATE INDEX resident_until ON resident (until) WHERE until IS NOT NULL;

-- Files and what became of them. `number` only rises.
CREATE TABLE resident_import (
  number     INTEGER PRIMARY KEY,
  import     TEXT NOT NULL UNIQUE,    -- an id: of its entries
  -- staged: nobody sees it yet; dropped: given up before it counted. What an undone or dropped one brought is swept away.
  state      TEXT NOT NULL CHECK (state IN ('staged', 'applied', 'undone', 'dropped')),
  format     TEXT NOT NULL,           -- 'opensid', 'siak', 'plain', …
  source     TEXT NOT NULL,           -- what a person called it: the file's name
  as_of      TEXT NOT NULL,           -- of when the figures in it are: a day
  by_account TEXT NOT NULL,
  at         INTEGER NOT NULL,
  counts     TEXT                     -- {new, changed, same, refused, asked}; NULL: the file was not read to its end
) STRICT;

-- In which import somebody stood, also where nothing changed: of when the record is.
CREATE TABLE resident_seen (
  number   INTEGER NOT NULL,
  resident TEXT NOT NULL,
  PRIMARY KEY (resident, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX resident_seen_number ON resident_seen (number);

-- The one import that counts, and the one before it, to which a person can go back; 0: none.
CREATE TABLE resident_current (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  number  INTEGER NOT NULL,
  before  INTEGER
) STRICT;
INSERT INTO resident_current (id, number, before) VALUES (1, 0, NULL);

CREATE VIEW resident_now AS
SELECT row, resident, since, person, nik, kk, birth_date
FROM resident
WHERE since <= (SELECT number FROM resident_current)
  AND (until IS NULL OR until > (SELECT number FROM resident_current));

-- Who opened whose record, from the journal.
CREATE TABLE resident_opened (
  ordinal  INTEGER PRIMARY KEY,
  resident TEXT NOT NULL,
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  ticket   TEXT,                      -- the one in service then
  reason   TEXT                       -- events.ts; words of the reader's own stay in the entry
) STRICT;
CREATE INDEX resident_opened_resident ON resident_opened (resident);
CREATE INDEX resident_opened_at ON resident_opened (at);
