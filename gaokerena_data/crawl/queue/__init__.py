"""What is to be crawled, and what became of it."""
