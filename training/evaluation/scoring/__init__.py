"""Scores and their intervals: multiple choice, win rates, K-QA, contamination."""
