-- Additive: in which village a letter was collected; null: here.
ALTER TABLE letter ADD COLUMN collected_village TEXT;
