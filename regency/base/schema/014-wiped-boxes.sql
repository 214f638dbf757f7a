-- A box that has erased itself by the regency's order says so as its last word.
ALTER TABLE contact DROP CONSTRAINT contact_state_check;
ALTER TABLE contact ADD CONSTRAINT contact_state_check CHECK (state IN ('connected', 'offline', 'never', 'wiped'));
