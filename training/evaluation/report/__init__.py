"""What an evaluation tells: tables, figures, contamination."""
