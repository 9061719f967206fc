"""Texts that repeat another, wholly or nearly: signatures, candidates, true similarity."""
