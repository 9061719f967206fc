"""Models on disk and on the Hub: bases, adapters, merging."""
