-- Additive: what the phone of a called ticket said; it stays with a ticket that stands aside, until the next call.
ALTER TABLE ticket ADD COLUMN answer TEXT CHECK (answer IN ('coming', 'needs-time'));
ALTER TABLE ticket ADD COLUMN answered_at INTEGER;
