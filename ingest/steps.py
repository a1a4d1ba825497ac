"""The steps of ``wb ingest`` alone, in order; each is a sub-command, too."""

REFERENCES = "references"
STEPS = (REFERENCES, "images", "popularity", "frequency", "uniqueness", "prompts")
