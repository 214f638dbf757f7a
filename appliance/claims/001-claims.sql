-- Additive: letters that are collected by a code, here and in other villages of the regency, from the journal.
CREATE TABLE claim_code (
  letter   TEXT PRIMARY KEY,
  code     TEXT,                        -- null: this box cannot open that entry
  given_at INTEGER NOT NULL,
  wrong    INTEGER NOT NULL DEFAULT 0   -- birth dates that were wrong, since this code was given
) STRICT;
CREATE INDEX claim_code_code ON claim_code (code);

-- What this office asked of others. Code and letter stay in the entries.
CREATE TABLE claim (
  claim        TEXT PRIMARY KEY,
  asked_row    INTEGER NOT NULL,
  village      TEXT NOT NULL,           -- whose letter it is
  at           INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  outcome      TEXT,                    -- null: not answered yet
  left         INTEGER,                 -- tries that are left, of a wrong birth date
  answered_row INTEGER,
  answered_at  INTEGER,
  handed_at    INTEGER,
  handed_by    TEXT
) STRICT;
CREATE INDEX claim_asked ON claim (asked_row);

-- What others asked of this office, and what it answered.
CREATE TABLE claim_answer (
  village   TEXT NOT NULL,              -- that asked
  claim     TEXT NOT NULL,
  row       INTEGER NOT NULL,
  letter    TEXT,
  outcome   TEXT NOT NULL,
  at        INTEGER NOT NULL,
  handed_at INTEGER,
  PRIMARY KEY (village, claim)
) STRICT;
CREATE INDEX claim_answer_row ON claim_answer (row);

-- Who came for a finished letter with its code, and took a number.
CREATE TABLE pick_up (
  ticket TEXT PRIMARY KEY,
  row    INTEGER NOT NULL,
  letter TEXT NOT NULL
) STRICT;
CREATE INDEX pick_up_row ON pick_up (row);
CREATE INDEX pick_up_letter ON pick_up (letter);
