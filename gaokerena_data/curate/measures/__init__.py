"""Everything that is measured on a record, and who measures."""
