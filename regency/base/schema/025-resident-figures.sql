-- Additive: villages in figures, once a month, without anybody in them.
CREATE TABLE resident_figure (
  village text COLLATE "C" NOT NULL,
  month   date NOT NULL,                  -- its first day
  name    text COLLATE "C" NOT NULL,      -- total; sex, age, place, education, work, religion, marital; male and female by age
  cell    text COLLATE "C" NOT NULL,      -- a code, an age's first year, a place; '?': not known
  n       integer,                        -- NULL: one to four, or what would give such a one back
  at      timestamptz NOT NULL,           -- when it was counted
  PRIMARY KEY (village, month, name, cell)
);
