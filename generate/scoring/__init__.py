"""``wb score``: raw similarities and patch maxima of generated images against reference images."""
