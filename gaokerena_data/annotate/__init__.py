"""Labels of rows by a written rubric: what a teacher says of a sample, and what reviewers said."""
