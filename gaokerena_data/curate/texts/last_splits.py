"""The splits as they were last written: texts in the order in which the next splits are written.

Between two curations most rows of a split stay as they are. One after another they are read in a
fraction of the time that it takes to gather them from the shards in which they were measured.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.cache_files import read_kept, read_kept_groups, write_kept

_STAMP = b"split"  # in the note's metadata: which file it is about
_TAIL = 8  # bytes at the end of a Parquet file: the length of its footer, and "PAR1"


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """The texts of one split.

    Args:
        file: the split; or any file, if nothing is known of it.
        fields: the columns that hold the heading and the body.
        keys: of the texts of each of its rows.
    """

    file: Path
    fields: tuple[str, str]
    keys: pa.Array

    def read(self, rows: np.ndarray) -> tuple[pa.Table, np.ndarray]:
        """Columns `heading` and `body` of these rows and others, and where each of these is there.

        Raises:
            GaokerenaError: the split is damaged.
        """
        texts, places = read_kept_groups(self.file, self.fields, rows)
        # A page without a title has none in a split.
        columns = {
            name: pc.fill_null(texts[field], "")
            for name, field in zip(("heading", "body"), self.fields, strict=True)
        }
        return pa.table(columns), places


def written_texts(split: Path, fields: tuple[str, str], note: Path) -> WrittenTexts:
    """The texts of a split, where it is still the file that the note was made of.

    Args:
        split: where it is, if it was ever written.
        fields: the columns that hold the heading and the body.
        note: what `note_written` wrote.

    Raises:
        GaokerenaError: the note is damaged.
    """
    keys = pa.array([], pa.string())
    if split.is_file() and note.is_file():
        noted = read_kept(note, ["key"])
        if (noted.schema.metadata or {}).get(_STAMP) == _stamp(split):
            keys = noted["key"].combine_chunks()
    return WrittenTexts(split, fields, keys)


def note_written(split: Path, keys: pa.ChunkedArray, note: Path) -> None:
    """Note which texts a split holds, row by row."""
    write_kept(pa.table({"key": keys}).replace_schema_metadata({_STAMP: _stamp(split)}), note)


def _stamp(file: Path) -> bytes:
    """A digest of a Parquet file's footer: its rows' first and last ids, how long each piece is.

    Whoever writes another table writes another footer; what a disk damages, the checksums tell.
    """
    with file.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        source.seek(max(0, size - _TAIL))
        length = int.from_bytes(source.read(4), "little")
        source.seek(max(0, size - _TAIL - length))
        return hashlib.sha256(source.read()).hexdigest().encode()
