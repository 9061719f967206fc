"""What reviewers work in: one writer and one reader for each format."""
