"""Digests of what a model reads, and the marks between which others' words stand in its prompt."""

import hashlib


def digest(text: str) -> str:
    """SHA-256 of a text in hexadecimal digits, whatever halves of characters it holds."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def fence_of(text: str) -> str:
    """The marks around a text: it cannot hold them, for they are made of its own digest."""
    return "=" * 5 + digest(text)[:12]
