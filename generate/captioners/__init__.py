"""Captioners: they say what is to be seen on a picture."""
