"""A model at home: exported to one GGUF file, run by llama.cpp, served on this machine."""
