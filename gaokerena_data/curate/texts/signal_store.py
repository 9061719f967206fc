"""The store of measured signals: each distinct text is measured once, in shards on disk.

A shard is written whole when it is done, so a killed run goes on where it was, and new records
cost only their own measuring. The store is a cache: deleting it loses time, never data.
"""

import hashlib
import math
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.cache_files import read_kept, read_kept_rows
from gaokerena_data.curate.duplicates.compared_texts import ComparedTexts
from gaokerena_data.curate.duplicates.known_similarities import KnownSimilarities
from gaokerena_data.curate.measures.engines import Engine, MeasuredShard, measure_shard
from gaokerena_data.curate.measures.measure import MEASURE, NUMBERS, SIGNALS_SCHEMA
from gaokerena_data.curate.texts.input_index import read_batches, text_key, text_keys
from gaokerena_data.curate.texts.last_splits import WrittenTexts, note_written, written_texts
from gaokerena_data.curate.texts.reorder import reordered
from gaokerena_data.datasets.kind import QUESTION_ANSWER, Kind
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.progress import Progress
from gaokerena_data.text.near_duplicates.signatures import Fingerprints
from gaokerena_data.text.normalizer import PERSIAN
from gaokerena_data.text.stored_texts import StoredTexts, gather
from gaokerena_data.workspace import Workspace, atomic_file

SHARD_ROWS = 2_000
_WITHOUT_TEXTS = ("key", *NUMBERS)


class _Columns(NamedTuple):
    shards: list[Path]
    whole: pa.Table  # of all shards, one after another
    starts: np.ndarray  # where each shard's rows begin, and the end


class _Located(NamedTuple):
    shards: list[Path]
    place: np.ndarray  # of each text, counted over all shards
    shard: np.ndarray  # and the number of its shard
    row: np.ndarray  # and its row there


class SignalStore:
    """Shards of signals of one kind of record, measured by one version of the measures.

    Args:
        workspace: where they are.
        kind: of the records.
        settings: of the fingerprints.
        language: of the texts.
        name_model: that finds names in them as well, by name or folder.
    """

    def __init__(
        self,
        workspace: Workspace,
        kind: Kind,
        settings: NearDuplicates,
        language: str = PERSIAN,
        name_model: str | None = None,
    ) -> None:
        self.settings = settings
        self.language = language
        self.name_model = name_model
        self.are_pairs = kind is QUESTION_ANSWER
        # What the fingerprints depend on; the similarity threshold is not among it.
        prints = f"{settings.shingle_words}-{settings.bands}x{settings.rows}-{settings.seed}"
        normalized = "" if language == PERSIAN else f"-{language}"
        named = f"-{hashlib.sha256(name_model.encode()).hexdigest()[:12]}" if name_model else ""
        measured = f"{MEASURE}-{prints}{normalized}{named}"
        self.folder = workspace.root / "signals" / kind.name / measured
        self._held: dict[tuple[str, ...], dict[Path, pa.Table]] = {}
        self._known: dict[str, KnownSimilarities] = {}

    def shards(self) -> list[Path]:
        """The finished shards, in a fixed order."""
        return sorted(self.folder.glob("*.parquet"))

    def known_keys(self) -> pa.ChunkedArray:
        """The keys of all texts that have been measured."""
        return self._columns(_WITHOUT_TEXTS).whole["key"]

    def read(self, keys: pa.ChunkedArray, columns: list[str]) -> pa.Table:
        """Columns of the signals of these texts, in the order of `keys`.

        Only row groups that hold one of them are read.
        """
        if len(keys) == 0:
            return SIGNALS_SCHEMA.empty_table().select(columns)
        located = self._locate(keys)
        return gather(partial(_read_rows, located.shards, columns), located.shard, located.row)

    def read_parts(
        self, keys: pa.ChunkedArray, columns: list[str], borders: Sequence[int]
    ) -> Generator[pa.Table]:
        """What `read` gives, part by part.

        Args:
            keys: of the texts.
            columns: of their signals.
            borders: where the parts begin and end, from 0 to the number of keys.
        """
        if len(borders) == 2:
            yield self.read(keys, columns)
        if len(borders) <= 2:
            return
        located = self._locate(keys)
        schema = pa.schema([SIGNALS_SCHEMA.field(name) for name in columns])
        read = partial(_read_rows, located.shards, columns)
        # Named like every half-written file: what a killed run leaves is cleared away.
        with TemporaryDirectory(prefix=".texts.", suffix=".part", dir=self.folder) as folder:
            yield from reordered(read, schema, located.shard, located.row, borders, Path(folder))

    def written(self, split: Path, fields: tuple[str, str]) -> WrittenTexts:
        """The texts of a split as it was last written, if they were measured here.

        Args:
            split: where it is.
            fields: its columns that hold the heading and the body.
        """
        return written_texts(split, fields, self._note_of(split))

    def keep_written(self, split: Path, keys: pa.ChunkedArray) -> None:
        """Remember for the next run which texts a split holds, row by row."""
        note_written(split, keys, self._note_of(split))

    def _note_of(self, split: Path) -> Path:
        dataset = split.parent.parent.name
        return self.folder / "written" / f"{dataset}-{split.stem}.parquet"

    def read_numbers(self, keys: pa.ChunkedArray) -> pa.Table:
        """What rules work on, in the order of `keys`."""
        held = self._columns(_WITHOUT_TEXTS).whole
        return held.select(list(NUMBERS)).take(pc.index_in(keys, value_set=held["key"]))

    def read_texts(self, keys: pa.ChunkedArray, name: str) -> ComparedTexts:
        """The normalized texts `name` ("heading" or "body") of records, with their fingerprints.

        The texts stay on disk and are read when one is asked for.
        """
        signature, whole, length = (f"{name}_{part}" for part in ("signature", "whole", "length"))
        located = self._locate(keys)
        held = self._columns((signature, whole, length))
        columns = held.whole.take(pa.array(located.place))
        permutations = self.settings.bands * self.settings.rows
        prints = Fingerprints(
            np.frombuffer(_joined(columns[signature]), "<u4").reshape(-1, permutations),
            columns[whole].to_numpy(),
            columns[length].to_numpy(),
            n=self.settings.shingle_words,
            seed=self.settings.seed,
        )
        read = partial(_read_rows, located.shards, [name])
        texts = StoredTexts(read, located.shard, located.row)
        if name not in self._known:
            self._known[name] = KnownSimilarities(self.folder / "pairs" / f"{name}.parquet")
        return ComparedTexts(texts, prints, self._known[name])

    def keep_pairs(self) -> None:
        """Remember for the next run which texts were compared."""
        for pairs in self._known.values():
            pairs.save()

    def _locate(self, keys: pa.ChunkedArray) -> _Located:
        """Where each text stands."""
        held = self._columns(_WITHOUT_TEXTS)
        # A kill between two runs with other shard borders can measure one text twice, alike.
        place = pc.index_in(keys, value_set=held.whole["key"]).to_numpy()
        shard = np.searchsorted(held.starts, place, side="right") - 1
        return _Located(held.shards, place, shard, place - held.starts[shard])

    def _columns(self, names: tuple[str, ...]) -> _Columns:
        """Columns of all shards, each read once: several rules ask for the same fingerprints."""
        shards = self.shards()
        held = self._held.setdefault(names, {})
        new = [shard for shard in shards if shard not in held]
        with ThreadPoolExecutor(2) as pool:
            held.update(zip(new, pool.map(lambda shard: read_kept(shard, names), new), strict=True))
        tables = [held[shard] for shard in shards]
        empty = SIGNALS_SCHEMA.empty_table().select(list(names))
        starts = np.cumsum([0, *(table.num_rows for table in tables)])
        return _Columns(shards, pa.concat_tables([empty, *tables]), starts)

    def measure_missing(
        self,
        files: list[Path],
        index: pa.Table,
        kind: Kind,
        progress: Progress,
        engine: Engine,
    ) -> int:
        """Measure every text of the files that is not in the store yet.

        Args:
            files: extracted files, as `input_files` gives them.
            index: what `read_index` made of them.
            kind: what they hold.
            progress: told (what, done, total) after every shard.
            engine: who measures.

        Returns:
            How many texts were measured.
        """
        missing = _missing_texts(index, self.known_keys())
        total = sum(len(rows) for rows in missing.values())
        done = 0
        progress("measure", done, total)
        # Few new texts are enough for several workers too.
        size = min(SHARD_ROWS, max(SHARD_ROWS // 8, math.ceil(total / 4)))
        shards = _shards_of(missing, files, kind, size)
        for shard in engine(shards, self.settings, self.language, self.name_model, self.are_pairs):
            self._write(shard)
            done += shard.rows
            progress("measure", done, total)
        return done

    def measure_texts(self, texts: Sequence[tuple[str, str]]) -> None:
        """Measure texts that stand in no extracted file, such as a reviewer's corrections."""
        known = set(self.known_keys().to_pylist())
        missing = {text_key(*pair): pair for pair in texts}
        missing = {key: pair for key, pair in sorted(missing.items()) if key not in known}
        if missing:
            headings, bodies = zip(*missing.values(), strict=True)
            shard = pa.table({"key": list(missing), "heading": headings, "body": bodies})
            self._write(
                measure_shard(shard, self.settings, self.language, self.name_model, self.are_pairs)
            )

    def _write(self, shard: MeasuredShard) -> None:
        if shard.measure != MEASURE:
            raise GaokerenaError(
                f"a worker measures by {shard.measure}, this machine by {MEASURE}: install the "
                "same versions of gaokerena-data and its libraries on every machine"
            )
        with atomic_file(self.folder / f"{shard.name}.parquet") as part:
            part.write_bytes(shard.parquet)


def _read_rows(
    shards: Sequence[Path], columns: Sequence[str], shard: int, rows: np.ndarray
) -> pa.Table:
    return read_kept_rows(shards[shard], columns, rows)


def _joined(values: pa.ChunkedArray) -> memoryview:
    """The bytes of binary values, one after another."""
    array = values.combine_chunks()
    _, offsets, data = array.buffers()
    edges = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return memoryview(data)[edges[0] : edges[-1]] if len(array) else memoryview(b"")


def read_numbers(store: SignalStore, index: pa.Table) -> pa.Table:
    """The index with the measured numbers beside it: what every rule works on."""
    numbers = store.read_numbers(index["key"])
    for name in NUMBERS:
        index = index.append_column(name, numbers[name])
    return index


def _missing_texts(index: pa.Table, known: pa.ChunkedArray) -> dict[int, list[int]]:
    """The rows of each file whose texts are not known, each text once."""
    missing: dict[int, list[int]] = {}
    seen: set[str] = set()
    new = index.filter(pc.invert(pc.is_in(index["key"], known)))
    for key, file, row in zip(
        *(new[name].to_pylist() for name in ("key", "file", "row")), strict=True
    ):
        if key not in seen:
            seen.add(key)
            missing.setdefault(file, []).append(row)
    return missing


def _shards_of(
    missing: dict[int, list[int]], files: list[Path], kind: Kind, size: int
) -> Iterator[pa.Table]:
    columns = list(kind.texts)
    waiting: list[pa.Table] = []
    for number, rows in missing.items():
        wanted = set(rows)
        for first, batch in read_batches(files[number], kind, columns):
            places = [place for place in range(batch.num_rows) if first + place in wanted]
            texts = batch.take(pa.array(places, pa.int64()))
            heading, body = (texts.column(name) for name in columns)
            keys = pa.array(text_keys(heading, body), pa.string())
            waiting.append(pa.table({"key": keys, "heading": heading, "body": body}))
            while sum(table.num_rows for table in waiting) >= size:
                whole = pa.concat_tables(waiting)
                yield whole.slice(0, size)
                waiting = [whole.slice(size)]
    rest = pa.concat_tables(waiting) if waiting else None
    if rest is not None and rest.num_rows:
        yield rest
