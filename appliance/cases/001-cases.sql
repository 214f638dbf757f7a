-- Additive: what citizens have applied for, from the journal. Whom one is about stays in its entry.
CREATE TABLE citizen_case (
  id         TEXT PRIMARY KEY,
  ordinal    INTEGER NOT NULL,         -- of its entry, which holds what is private
  kind       TEXT NOT NULL,            -- kinds.ts
  title      TEXT NOT NULL,
  resident   TEXT,                     -- null: nobody whom the box knows
  ticket     TEXT,                     -- that was served when it began
  opened_at  INTEGER NOT NULL,
  opened_by  TEXT NOT NULL,
  papers     TEXT NOT NULL,            -- JSON array: views.ts
  within     TEXT,                     -- JSON: the time that is promised once all papers are here; null: none is
  due_at     INTEGER,                  -- null: no time is promised, or papers lack
  template   TEXT,                     -- of the letter that it ends in
  agency     TEXT,                     -- code of the agency that it goes to
  letter     TEXT,                     -- that was written for it
  state      TEXT NOT NULL CHECK (state IN (
    'open', 'letter', 'returned', 'issued', 'relayed', 'received', 'papers', 'working', 'done', 'refused', 'closed', 'withdrawn'
  )),
  state_at   INTEGER NOT NULL,
  state_row  INTEGER NOT NULL,         -- of the entry that brought it there
  text       TEXT,                     -- the agency's words
  notice     TEXT,                     -- of a hospital or a midwife, by which it began
  sender     TEXT                      -- who told of it
) STRICT;
CREATE INDEX citizen_case_ordinal ON citizen_case (ordinal);
CREATE INDEX citizen_case_resident ON citizen_case (resident);
CREATE INDEX citizen_case_ticket ON citizen_case (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX citizen_case_letter ON citizen_case (letter) WHERE letter IS NOT NULL;
CREATE INDEX citizen_case_notice ON citizen_case (notice) WHERE notice IS NOT NULL;
CREATE INDEX citizen_case_open ON citizen_case (ordinal) WHERE state NOT IN ('closed', 'withdrawn', 'refused');

-- Entries of a case that hold something private: what an erasure takes.
CREATE TABLE citizen_case_part (
  id  TEXT NOT NULL,
  row INTEGER NOT NULL,
  PRIMARY KEY (id, row)
) STRICT;
