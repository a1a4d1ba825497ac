"""``wb benchmark``: which measures tell replications from re-interpretations, where it is known which is which."""
