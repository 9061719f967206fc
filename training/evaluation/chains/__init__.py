"""Chains of thought: several runs a question, their votes, a verifier, and the authors' tables."""
