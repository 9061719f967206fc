"""What was taken down, on the Hub: found in every revision, and erased there."""
