"""Text-to-image models: the table of those that are known, where their weights lie, and the pipeline that samples."""
