"""What can be seen of a question and its answer together: no model, only their words."""
