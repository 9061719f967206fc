"""The questions: benchmarks, their files and prompts."""
