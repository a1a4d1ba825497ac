"""Raw measures: pure functions of pictures and of their embeddings. Thresholds are applied when reading."""
