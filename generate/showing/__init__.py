"""``wb show``: one generated image, and which parts of it are in its reference images."""
