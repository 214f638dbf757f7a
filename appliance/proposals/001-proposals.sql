-- Additive: what the office has recorded of its families and proposed to the regency, from the journal.
CREATE TABLE proposal (
  proposal    TEXT PRIMARY KEY,
  ordinal     INTEGER NOT NULL,         -- of its entry, which holds what is private
  kind        TEXT NOT NULL,            -- kinds.ts
  resident    TEXT,                     -- whose record it began from
  on_day      TEXT NOT NULL,            -- when it happened, or was found wrong
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  papers      TEXT NOT NULL,            -- JSON array: kinds.ts
  state       TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'refused', 'papers', 'withdrawn', 'replaced')),
  answered_at INTEGER,
  text        TEXT                      -- the regency's words
) STRICT;
CREATE INDEX proposal_ordinal ON proposal (ordinal);
CREATE INDEX proposal_resident ON proposal (resident) WHERE resident IS NOT NULL;
