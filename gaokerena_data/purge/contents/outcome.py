"""What became of one file's bytes."""

from dataclasses import dataclass


class UnreadableError(Exception):
    """Bytes that are damaged, so that nobody can say what they hold."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file without what is sought.

    Args:
        data: its new bytes; None where nothing can stay, and the file goes.
        pieces: how many rows, lines, entries or records were taken out; at least 1.
    """

    data: bytes | None
    pieces: int


GONE = Outcome(None, 1)
