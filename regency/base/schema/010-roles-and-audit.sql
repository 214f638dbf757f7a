-- Who may do what at the console, who works on which alarm, and what people did.

-- Until now everybody who could log in could do everything there was.
ALTER TABLE account ADD COLUMN role text NOT NULL DEFAULT 'administrator' CHECK (role IN ('reader', 'operator', 'administrator'));
ALTER TABLE account ALTER COLUMN role DROP DEFAULT;

-- Who works on an alarm; the row goes with the alarm. No foreign key: alarms of a box stand in what it last said.
CREATE TABLE alarm_taken (
  village text COLLATE "C" NOT NULL,              -- empty for the hub's own
  code    text COLLATE "C" NOT NULL,              -- a box's as the box says it, what the hub noticed as 'hub.' and its code
  account text COLLATE "C" NOT NULL,
  name    text NOT NULL,
  note    text NOT NULL,
  at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (village, code)
);

-- What was done, one row in the transaction that did it, for ever. A change of names or accounts changes no row.
CREATE TABLE audit (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  account text COLLATE "C",                       -- NULL: done without one
  actor   text NOT NULL,                          -- the person's name then; 'command line (user)'; 'hub'
  action  text COLLATE "C" NOT NULL,
  village text COLLATE "C",                       -- NULL: about none
  data    jsonb NOT NULL
);
CREATE INDEX audit_village ON audit (village, id) WHERE village IS NOT NULL;
CREATE INDEX audit_action ON audit (action, id);

-- The hub owns its tables, so that no grant would hold it back.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % stay as they were written', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
