"""Which row stands in which file, so that a new version costs little to upload.

A row keeps its place from version to version: the files of the version before stay as they are,
byte for byte where none of their rows changed, and new rows go to files of their own after them.
Rows sorted anew would move through every file, and all of it would be uploaded again. A file is
small, so that a row that is taken out, or changed, takes few others with it.
"""

from collections.abc import Sequence

import pyarrow as pa

FILE_ROWS = 250
_MOST_FILES = 1_000  # of a split: a folder of the Hub is slow with more, so files grow


def lay_out(table: pa.Table, previous: Sequence[Sequence[str]]) -> list[pa.Table]:
    """Divide a split into files.

    Args:
        table: the split's rows, in id order (a benchmark: in its file's order), with ids.
        previous: ids of the split's files in the version before, file by file; empty for a first
            version.

    Returns:
        The files' rows in order, none of them empty, of about 250 rows. Small files are
        few: a last one is joined to what comes after it unless it is at least twice as long. A
        larger file, of an older version of this program, is cut up once.
    """
    most = max(FILE_ROWS, -(-table.num_rows // _MOST_FILES))
    place = {each: number for number, file in enumerate(previous) for each in file}
    rank = {each: n for n, each in enumerate(each for file in previous for each in file)}
    rows: list[list[int]] = [[] for _ in range(len(previous) + 1)]
    ids = table["id"].to_pylist()
    for row, each in enumerate(ids):
        rows[place.get(each, len(previous))].append(row)
    for file in rows[:-1]:
        file.sort(key=lambda row: rank[ids[row]])
    files = [part for file in rows[:-1] for part in _cut(file, most, 2 * most)]
    added = rows[-1]
    if added:
        while files and len(files[-1]) < 2 * len(added) and len(files[-1]) + len(added) <= most:
            added = files.pop() + added
        files += _cut(added, most, most)
    if len(files) == 1 and files[0] == list(range(len(ids))):
        return [table]
    return [table.take(pa.array(file, pa.int64())) for file in files]


def _cut(rows: list[int], size: int, most: int) -> list[list[int]]:
    """The rows in files of one size, where they are more than a file may have."""
    if len(rows) <= most:
        return [rows] if rows else []
    return [rows[start : start + size] for start in range(0, len(rows), size)]
