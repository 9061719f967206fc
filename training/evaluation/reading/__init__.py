"""Reading an answer: which option it names."""
