-- What clerks write down for each other about a ticket that is open. It may name a person: it never leaves the box and
-- goes with the ticket's end, so it is no entry of the journal.
CREATE TABLE ticket_note (
  ticket TEXT PRIMARY KEY,
  note TEXT NOT NULL
) STRICT, WITHOUT ROWID;
