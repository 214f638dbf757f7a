-- Who is ahead is counted in the index alone: it has all that the question asks of a ticket.
DROP INDEX ticket_open;
CREATE INDEX ticket_open ON ticket (service, rank, state, grp, ended_at) WHERE ended_at IS NULL;
