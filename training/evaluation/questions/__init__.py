"""The questions: benchmarks, their files and prompts, and the sets whose texts are compared."""
