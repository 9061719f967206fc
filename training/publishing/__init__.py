"""A trained model as a repository: what is uploaded, and its card."""
