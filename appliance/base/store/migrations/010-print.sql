-- The office's ticket printer (folded); absent: tickets without paper.
CREATE TABLE printer_settings (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  settings TEXT NOT NULL
) STRICT;
