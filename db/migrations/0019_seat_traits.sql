-- Seats are counted by their traits from here on: what was counted before is taken from the rows.
UPDATE read_checkpoints SET held = NULL WHERE held IS NOT NULL;
