-- Devices that a right PIN came from: an account's budget of wrong PINs over all devices does not shut them out.
ALTER TABLE wrong_pin ADD COLUMN known INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1));
