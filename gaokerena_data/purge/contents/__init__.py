"""Files by what they are: their bytes without the words of what was taken down."""
