"""Looking single texts up among stored signatures, by datasketch's MinHash and LSH.

Curation, which compares all texts with all, has a search of its own
(`gaokerena_data.text.near_duplicates`). Here the index holds the few texts that are looked up, and
the stored signatures, which are numbers of datasketch's, go past it shard by shard: an index of
100,000 stored ones takes 1 GB and 15 to 30 seconds to build, and would be asked once.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from datasketch import LeanMinHash, MinHash, MinHashLSH

from gaokerena_data.curate.cache_files import read_kept, read_kept_rows
from gaokerena_data.datasets.settings import NearDuplicates
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.shingling import Shingles, compared_shingles

SCHEME = "affine32"  # of datasketch 2: see `text.near_duplicates.signatures`
_LOWER_HALF = 0xFFFFFFFF

type Mask = npt.NDArray[np.bool_]


class Sought(NamedTuple):
    """The texts of one record, or one text in place of both; an empty one is not looked for."""

    heading: str
    body: str


class Alike(NamedTuple):
    """A stored pair of texts that is like one that is sought.

    Attributes:
        number: which of those sought.
        key: of the stored texts.
        heading: the true Jaccard similarity of the headings; None where none is sought.
        body: the same of the bodies.
    """

    number: int
    key: str
    heading: float | None
    body: float | None

    def of(self, side: str) -> float:
        """The similarity of one side, 0.0 where nothing is sought there."""
        return (self.heading if side == "heading" else self.body) or 0.0


def make_minhash(text: str, settings: NearDuplicates) -> MinHash:
    """The datasketch MinHash of a text, equal to the signature that is stored of it."""
    return _minhash(compared_shingles([text], settings.shingle_words), settings)


def find_alike(
    shards: Sequence[Path],
    sought: Sequence[Sought],
    sides: Sequence[str],
    settings: NearDuplicates,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Alike]:
    """Find stored texts that are equal to sought ones, or share a band of their signature.

    Args:
        shards: of a signal store.
        sought: normalized texts without personal data, as the store has them.
        sides: "heading", "body" or both: what is looked up by.
        settings: of the fingerprints.
        progress: told (shards done, shards).
    """
    indexes = {
        side: _Index([getattr(each, side) for each in sought], settings)
        for side in sides
        if any(getattr(each, side) for each in sought)
    }
    for done, shard in enumerate(shards):
        if progress is not None:
            progress(done, len(shards))
        found = [_search_shard(shard, side, index) for side, index in indexes.items()]
        rows = np.flatnonzero(np.logical_or.reduce(found)) if found else np.zeros(0, np.int64)
        if len(rows):
            yield from _compare(shard, rows, sought, settings.shingle_words)
    if progress is not None:
        progress(len(shards), len(shards))


class _Index:
    """One side of the sought texts: their hashes, and an LSH of those that have a shingle."""

    def __init__(self, texts: Sequence[str], settings: NearDuplicates) -> None:
        self.settings = settings
        permutations = settings.bands * settings.rows
        self._lsh = MinHashLSH(num_perm=permutations, params=(settings.bands, settings.rows))
        self._signatures: list[npt.NDArray[np.uint32]] = []
        whole = []
        for number, text in enumerate(texts):
            if not text:
                continue
            shingles = compared_shingles([text], settings.shingle_words)
            whole.append(shingles.whole)
            if len(shingles.hashes):
                minhash = _minhash(shingles, settings)
                self._lsh.insert(number, minhash)
                self._signatures.append(minhash.hashvalues)
        self.whole = np.concatenate(whole)

    def matches(self, signatures: npt.NDArray[np.uint32]) -> Mask:
        """Which of these stored signatures (texts, permutations) share a band with a sought one."""
        settings = self.settings
        likely = np.zeros(len(signatures), np.bool_)
        for each in self._signatures:
            # Who shares a band agrees in as many numbers as it has: few do, and all of them are
            # asked for one by one.
            likely |= np.sum(signatures == each, axis=1) >= settings.rows
        found = np.zeros(len(signatures), np.bool_)
        for row in np.flatnonzero(likely).tolist():
            stored = LeanMinHash(seed=settings.seed, hashvalues=signatures[row], scheme=SCHEME)
            found[row] = bool(self._lsh.query(stored))
        return found


def _minhash(shingles: Shingles, settings: NearDuplicates) -> MinHash:
    minhash = MinHash(
        num_perm=settings.bands * settings.rows,
        seed=settings.seed,
        hashfunc=lambda value: value & _LOWER_HALF,
        scheme=SCHEME,
    )
    minhash.update_batch(shingles.hashes.tolist())
    return minhash


def _search_shard(shard: Path, side: str, index: _Index) -> Mask:
    """Which texts of a shard are worth comparing."""
    names = [f"{side}_signature", f"{side}_whole"]
    signature, whole = read_kept(shard, names).columns
    permutations = index.settings.bands * index.settings.rows
    signatures = np.frombuffer(b"".join(signature.to_pylist()), "<u4").reshape(-1, permutations)
    equal: Mask = np.isin(whole.to_numpy(), index.whole)
    return equal | index.matches(signatures)


def _compare(
    shard: Path, rows: npt.NDArray[np.int64], sought: Sequence[Sought], words: int
) -> Iterator[Alike]:
    """The true similarities of some texts of a shard to all that are sought."""
    stored = read_kept_rows(shard, ["key", "heading", "body"], rows)
    keys: list[str] = stored["key"].to_pylist()
    columns = {side: stored[side].to_pylist() for side in Sought._fields}
    first, second = np.zeros(len(rows), np.int64), 1 + np.arange(len(rows))
    for number, each in enumerate(sought):
        similarities: list[list[float | None]] = [
            jaccard([text, *columns[side]], first, second, n=words).tolist()
            if text
            else [None] * len(rows)
            for side, text in each._asdict().items()
        ]
        for key, heading, body in zip(keys, *similarities, strict=True):
            yield Alike(number, key, heading, body)
