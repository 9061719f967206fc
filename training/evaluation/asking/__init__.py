"""Asking systems and judges, and keeping what they said."""
