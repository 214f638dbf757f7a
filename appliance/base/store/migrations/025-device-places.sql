-- Where a kiosk or display was paired: its cookie goes over the air in clear and is good from there only. NULL: paired by
-- an older program; the place of its next request becomes its own. `card`: hardware address, NULL where none is seen.
ALTER TABLE device_token ADD COLUMN card TEXT;
ALTER TABLE device_token ADD COLUMN address TEXT;
