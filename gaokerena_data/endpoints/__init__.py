"""OpenAI-compatible endpoints as they are: what they are asked, what they answer."""
