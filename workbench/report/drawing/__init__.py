"""The figures of the report, by matplotlib: one kind of figure a module."""
