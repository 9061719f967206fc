"""What is asked of sites, and what they answer: politeness, downloads, the archive."""
