-- purpose: Embeddings of reference images that are there already.
-- params: encoder_id, grid, images (sha256s; NULL: all)
-- returns: frame
SELECT sha256, vectors FROM reference_embeddings
WHERE encoder_id = $encoder_id AND grid = $grid AND ($images IS NULL OR list_contains($images, sha256));
