"""Learned scores of pairs of question and answer: features, models on disk, inference by numpy."""
