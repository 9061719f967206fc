"""What a curation tells: the story of a record, comparisons, tables."""
