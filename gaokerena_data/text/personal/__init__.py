"""Personal data in a text: one file for each kind of sign."""
