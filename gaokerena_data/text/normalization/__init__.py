"""hazm's normalization, kept away from doses, codes and links."""
