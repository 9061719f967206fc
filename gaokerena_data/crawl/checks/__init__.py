"""A few pages of a site, asked for before a long crawl and compared with what they gave."""
