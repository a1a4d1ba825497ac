"""Generated images and their raw scores: everything that needs a model."""
