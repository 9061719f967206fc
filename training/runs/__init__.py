"""A training run on disk: what it is told, what it writes, what it costs."""
