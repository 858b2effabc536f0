"""Random numbers keyed by name, and designs of points (S13)."""
