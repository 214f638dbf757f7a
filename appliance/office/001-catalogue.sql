-- A service that follows the regency's catalogue, and what of it the village set itself: {"requires": hash of what the
-- regency had there then}.
ALTER TABLE service ADD COLUMN code TEXT;
ALTER TABLE service ADD COLUMN own TEXT NOT NULL DEFAULT '{}';

-- Holidays of the regency on which this office is open.
CREATE TABLE holiday_waived (day TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
