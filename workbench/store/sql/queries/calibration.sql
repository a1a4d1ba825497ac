-- purpose: Thresholds that a stated share of the null comparisons reaches by chance.
-- params: false_rate (NULL: 0.05)
-- returns: Calibration
FROM calibration(false_rate := coalesce($false_rate::DOUBLE, 0.05)) ORDER BY threshold, encoder_id;
