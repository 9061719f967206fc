"""Text from outside (pages, files, other people's names for things): its encoding, safe printing.

A page may carry escape sequences that retitle a terminal, clear it or type into it, and marks that
turn what stands beside them round. Whatever is printed goes through `printable`.
"""

import codecs

import typer

# In this order: the mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}
# Every control character but the tab and the line break becomes a picture of itself, or U+FFFD
# where there is none: letter for letter, so that columns and spans stay where they are.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {
    0x7F: 0x2421,
    0x2028: 0x2424,
    0x2029: 0x2424,
}
_REPLACED = (
    *range(0x80, 0xA0),  # C1: on some terminals each of them is an escape sequence
    *range(0x202A, 0x202F),  # embeddings and overrides of direction
    *range(0xD800, 0xE000),  # halves of characters: no encoding takes them
    *range(0xFFF9, 0xFFFC),  # annotations
    0xFEFF,
    *range(0xE0000, 0xE0080),  # tags: letters that nobody sees
)
_VISIBLE = _PICTURES | dict.fromkeys(_REPLACED, 0xFFFD)


def printable(text: str) -> str:
    """The text with every control character made visible, of the same length.

    Half-spaces and isolates (which end at their line's end) stay.
    """
    return text.translate(_VISIBLE)


def marked_encoding(data: bytes) -> str | None:
    """The encoding that the mark of byte order at the beginning of bytes names."""
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def tell(message: object = "", *, nl: bool = True, err: bool = False) -> None:
    """Print a line that may hold text from outside, as `typer.echo` prints others."""
    typer.echo(printable(str(message)), nl=nl, err=err)
