-- A ticket's calls are asked for by ticket: how long its present service has lasted, and which call an undo takes back.
CREATE INDEX call_ticket ON call (ticket, ordinal);
