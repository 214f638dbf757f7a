-- The brokers that the regency has moved this village to; one row.
CREATE TABLE broker_move (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,
  brokers TEXT NOT NULL,       -- JSON, the preferred one first
  instead TEXT NOT NULL        -- JSON: what file or balai.toml named then
) STRICT;
