"""What an evaluation tells: tables beside the paper's, figures, summaries."""
