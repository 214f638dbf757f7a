-- Every fold has a cursor of its own, so that a new one, or another version of one, folds nothing again for the others.

ALTER TABLE projection_cursor ADD COLUMN fold text COLLATE "C" NOT NULL DEFAULT 'queue';
ALTER TABLE projection_cursor ALTER COLUMN fold DROP DEFAULT;
ALTER TABLE projection_cursor DROP CONSTRAINT projection_cursor_pkey;
ALTER TABLE projection_cursor ADD PRIMARY KEY (village, epoch, fold);

-- Until now one fold looked at the entries of all rooms; from here on those that no room folds have one by themselves.
INSERT INTO projection_cursor (village, epoch, seq, version, fold)
SELECT village, epoch, seq, CASE version WHEN 2 THEN 1 ELSE 0 END, 'journal'
FROM projection_cursor;

-- Whose fold could not take it: that one tries it again.
ALTER TABLE set_aside ADD COLUMN fold text COLLATE "C" NOT NULL DEFAULT 'queue';
UPDATE set_aside
SET fold = 'journal'
WHERE type NOT IN (
  'queue.service-added', 'queue.service-changed', 'queue.ticket-taken', 'queue.ticket-called', 'queue.serving-started',
  'queue.ticket-completed', 'queue.ticket-closed', 'queue.step-undone'
);
ALTER TABLE set_aside DROP CONSTRAINT set_aside_pkey;
ALTER TABLE set_aside ADD PRIMARY KEY (village, name, fold);
