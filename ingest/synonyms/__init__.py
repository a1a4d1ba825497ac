"""Synonyms of the words of a title, from WordNet."""
