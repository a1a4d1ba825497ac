"""The sub-commands of ``wb ingest``: each parses, calls one function and prints."""
