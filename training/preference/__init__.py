"""Training on preferences: of two answers to a prompt, which one is the better (DPO)."""
