"""Texts and signals on disk: where they are stored, found and read."""
