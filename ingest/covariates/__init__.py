"""Properties of references that the measures are correlated with; one module per source."""
