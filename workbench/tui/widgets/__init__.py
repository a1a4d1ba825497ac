"""Parts of the screens, one a file."""
