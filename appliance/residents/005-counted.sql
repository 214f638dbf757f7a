-- Additive: months of which the village's figures are with the regency, from the journal.
CREATE TABLE resident_counted (
  month TEXT PRIMARY KEY              -- 2026-11
) STRICT, WITHOUT ROWID;
