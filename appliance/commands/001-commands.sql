-- What the regency has asked of this box.

-- Messages that nobody has read yet. Not folded: a text is in no entry, and goes once it was read.
CREATE TABLE office_message (
  position INTEGER PRIMARY KEY,
  command  TEXT NOT NULL UNIQUE,
  sender   TEXT NOT NULL,
  text     TEXT NOT NULL,
  at       INTEGER NOT NULL        -- when it came, ms since 1970 UTC
) STRICT;

CREATE TABLE message_read (
  command TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The newest version of each setting that the regency has set: an older one that comes late changes nothing.
CREATE TABLE setting_version (
  setting TEXT PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
