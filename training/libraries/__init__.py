"""The libraries of machine learning: named where one is missing, quiet where they are there."""
