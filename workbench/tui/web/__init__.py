"""The terminal application in a browser."""

HOST, PORT = "127.0.0.1", 8000
"""Where it is served by default: to this machine alone."""
