-- Private parts as age files: what is sent, and what came from the regency and cannot be opened here. Not folded.
CREATE TABLE sealed (
  row        INTEGER PRIMARY KEY REFERENCES entry (row),
  recipients TEXT,                 -- JSON array of those for whom this box sealed it; NULL: it came from the regency
  file       BLOB NOT NULL
) STRICT;

-- Entries whose private part has ended: folded from journal.private-erased, and asked whenever a part comes.
CREATE TABLE erased (
  name BLOB PRIMARY KEY CHECK (length(name) = 32)
) STRICT, WITHOUT ROWID;

-- Few entries have one: which of a type have reached the end of its days.
CREATE INDEX entry_private ON entry (type, at) WHERE p IS NOT NULL;

-- And what lies here that nobody has opened, or that was erased.
CREATE INDEX entry_closed ON entry (row) WHERE p IS NOT NULL AND private IS NULL;
