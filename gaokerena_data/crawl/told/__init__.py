"""What crawls tell: a live display, reports, histories, checks."""
