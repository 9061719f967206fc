"""The whole curation of articles, beside a plain script of the same libraries."""
