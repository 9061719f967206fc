"""The one exception that a user's mistake may end in, and what a damaged file comes to."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# What libraries say that are not written in Python: Rust's numbers of errors, PyTorch's writer.
_SAYS_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|\(os error (?:27|28|122)\)"
    r"|PytorchStreamWriter failed writing|database or disk is full"
)


class GaokerenaError(Exception):
    """A mistake that a person can mend.

    The message is one line: what is wrong, where, and what to do about it. The command line
    prints it to stderr and exits with 1; no traceback is shown.
    """


def reason_of(error: BaseException) -> str:
    """The first line of what a library says, or the error's kind where it says nothing."""
    lines = (line.strip() for line in str(error).splitlines())
    return next(filter(None, lines), type(error).__name__)


def says_full(error: BaseException | None) -> bool:
    """Whether an error, or one that it came of, says that there was no room left to write."""
    while error is not None:
        if _SAYS_FULL.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def damage_told(path: Path, remedy: str) -> Iterator[None]:
    """Turn whatever comes of reading a damaged file into one line that names it.

    Args:
        path: the file; nothing but its reading may stand in the block.
        remedy: what to do about it.

    Raises:
        GaokerenaError: it is damaged, of another shape, a folder, or not ours to read.
    """
    from pyarrow import ArrowException  # at once costs every command its start

    try:
        if path.is_dir():  # Arrow reads a folder as a table of all that lies in it
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        yield
    except (ArrowException, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        told = error.strerror if isinstance(error, OSError) else None
        raise GaokerenaError(f"{path}: damaged ({told or reason_of(error)}); {remedy}") from None


def read_table(path: Path, remedy: str, **how: Any) -> "pa.Table":
    """A Parquet file that another stage wrote, its pages held against their checksums.

    Args:
        path: the file; folders above it that are called "a=b" are no columns.
        remedy: what to do where it is damaged.
        how: `columns` or `filters`, as `pyarrow.parquet.read_table` takes them.

    Raises:
        GaokerenaError: it is damaged, or has no such column.
    """
    import pyarrow.parquet as pq

    with damage_told(path, remedy):
        table = pq.read_table(path, partitioning=None, page_checksum_verification=True, **how)
        table.validate(full=True)
    return table
