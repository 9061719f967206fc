"""Duplicates among records: which of them stays."""
