"""What a person wants looked up: the name of a record, a file, or a text."""

import os
import re
import sys
from pathlib import Path
from typing import BinaryIO

from gaokerena_data.errors import GaokerenaError

MAX_BYTES = 1 << 20  # of a text: ten times the longest articles
_FILE = re.compile(r"\S+\.(?:txt|md|json|jsonl|csv|html)")
_ID = re.compile(r"[a-z0-9_]+-[0-9a-f]{16}")


def read_query(query: str, dataset: str) -> str:
    """The text that is meant by what no record is called.

    Args:
        query: an existing file, "-" for standard input, or the text itself.
        dataset: for the error.

    Raises:
        GaokerenaError: a file that is no text or too large, no words at all, or what looks like
            the id of a record.
    """
    if query == "-":
        text = _read(sys.stdin.buffer, "standard input")
    # Unlike `Path.exists` it takes a long text for no file, and not for an error.
    elif os.path.exists(query):  # noqa: PTH110
        text = _read_file(query)
    elif _ID.fullmatch(query):
        raise GaokerenaError(
            f"{query}: the last curation of {dataset} knows no record by this id; "
            f"run `gaokerena curate {dataset}` if it has come since"
        )
    elif _FILE.fullmatch(query):
        raise GaokerenaError(f"{query}: no such file; give a text, a file or the id of a record")
    else:
        text = query
    if not text.strip():
        raise GaokerenaError("the text to look up is empty; give some words of it")
    return text


def _read_file(name: str) -> str:
    if Path(name).is_dir():
        raise GaokerenaError(f"{name}: a folder; name a text file")
    try:
        with Path(name).open("rb") as file:
            return _read(file, name)
    except OSError as error:
        raise GaokerenaError(
            f"{name}: cannot be read ({error.strerror}); name a text file"
        ) from None


def _read(file: BinaryIO, name: str) -> str:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise GaokerenaError(
            f"{name}: more than {MAX_BYTES:,} bytes; look up one text, not a collection of them"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GaokerenaError(
            f"{name}: not UTF-8 at byte {error.start}; save it as UTF-8 and try again"
        ) from None
