-- purpose: The encoders of the study, with their weights and preprocessing.
-- returns: frame
SELECT encoder_id, family, name, weights, preprocessing, dimensions FROM encoders ORDER BY encoder_id;
