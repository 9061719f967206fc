"""What may not be published again: requests, and the fingerprints by which its words are found."""
