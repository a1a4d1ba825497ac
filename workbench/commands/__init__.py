"""Commands over the file alone: no model, no network."""
