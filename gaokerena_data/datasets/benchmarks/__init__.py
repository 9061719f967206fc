"""The benchmarks of this package, one file each."""
