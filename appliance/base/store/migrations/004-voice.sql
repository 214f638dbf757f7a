-- Who speaks in the waiting room and how loud (folded); absent: the defaults.
CREATE TABLE voice_settings (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL
) STRICT;
