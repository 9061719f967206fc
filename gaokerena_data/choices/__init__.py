"""Options of a multiple-choice question: which one a free answer chose, read by rules."""
