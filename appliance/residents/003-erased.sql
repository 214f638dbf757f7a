-- Additive: people who were erased, and by what a file that brings one of them again is known.
-- From the journal: a box that comes back from an older backup erases them once more.
CREATE TABLE resident_erased (
  ordinal  INTEGER PRIMARY KEY,
  resident TEXT NOT NULL,             -- a random id, which names nobody any more
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  reason   TEXT NOT NULL              -- events.ts; words of one's own stay in the entry
) STRICT;
CREATE INDEX resident_erased_resident ON resident_erased (resident);

-- The box's own: HMACs (erased-marks.ts) of a NIK, and of name, birth date and birthplace. Nobody is told by one who is not known
-- already.
CREATE TABLE resident_erased_mark (
  mark BLOB PRIMARY KEY,
  at   INTEGER NOT NULL               -- ms since 1970 UTC
) STRICT, WITHOUT ROWID;
