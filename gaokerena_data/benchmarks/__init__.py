"""The benchmarks that models are tested on, as datasets of their own."""
