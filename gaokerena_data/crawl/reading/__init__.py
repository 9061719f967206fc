"""Pure reading of pages: markup, links, dates, canonical urls."""
