"""Statistics: arrays and frames in, records out; no SQL, no files."""
