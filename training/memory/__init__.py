"""What a run takes of a GPU's memory, by its recipe and the model's configuration alone."""
