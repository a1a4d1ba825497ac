-- purpose: Thresholds that a stated share of the null comparisons reaches by chance.
-- params: false_rate
-- returns: Calibration
FROM calibration(false_rate := $false_rate::DOUBLE) ORDER BY threshold, encoder_id;
