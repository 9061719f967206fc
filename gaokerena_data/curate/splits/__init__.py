"""Splits that do not leak, and the proof."""
