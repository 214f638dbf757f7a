-- What visitors say, in the order in which they said it.
CREATE TABLE guestbook_visit (
  ordinal INTEGER PRIMARY KEY,
  visit   TEXT NOT NULL UNIQUE,
  stars   INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5)
) STRICT;
