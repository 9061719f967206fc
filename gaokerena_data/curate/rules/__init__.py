"""The rules of curation, one file each."""
