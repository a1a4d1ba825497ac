"""Encoders of texts: what ``wb ingest uniqueness`` compares titles with."""
