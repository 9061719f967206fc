"""Similarities that were computed once: a later run reads only texts that it has not compared.

A text is named by the hash of its words in order, so the similarity of two names never changes.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaokerena_data.curate.cache_files import read_kept, write_kept
from gaokerena_data.text.arrays import Indices
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.signatures import Fingerprints
from gaokerena_data.text.word_arrays import Hashes, mix

type Similarities = npt.NDArray[np.float64]


class KnownSimilarities:
    """The true Jaccard similarities of pairs of texts, each computed when first asked for.

    Args:
        path: where they are kept from run to run; nowhere by default.

    Raises:
        GaokerenaError: the file is damaged.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._keys, self._values = _read(path)
        self._asked: list[Hashes] = []

    def similarities(
        self, prints: Fingerprints, texts: Sequence[str], one: Indices, other: Indices
    ) -> Similarities:
        """The similarities of pairs.

        Args:
            prints: of the texts, in their order.
            texts: indexable; only those of new pairs are read.
            one: index of one text of each pair.
            other: index of the other one.
        """
        keys = _keys_of(prints.whole[one], prints.whole[other])
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        new = self._keys[place] != keys if len(self._keys) else np.ones(len(keys), np.bool_)
        found = np.zeros(len(keys))
        found[~new] = self._values[place[~new]]
        found[new] = jaccard(texts, one[new], other[new], n=prints.n)
        self._asked.append(keys)
        if new.any():
            every = np.concatenate((self._keys, keys[new]))
            values = np.concatenate((self._values, found[new]))
            self._keys, first = np.unique(every, return_index=True)
            self._values = values[first]
        return found

    def save(self) -> None:
        """Keep what was asked for in this run; pairs of texts that are gone are forgotten."""
        if self._path is None:
            return
        asked = np.isin(self._keys, np.concatenate([np.zeros(0, np.uint64), *self._asked]))
        columns = {"pair": self._keys[asked], "jaccard": self._values[asked]}
        write_kept(pa.table(columns), self._path)


def _keys_of(one: Hashes, other: Hashes) -> Hashes:
    """One number for each pair, whichever comes first."""
    keys: Hashes = mix(np.minimum(one, other)) + np.maximum(one, other)
    return mix(keys)


def _read(path: Path | None) -> tuple[Hashes, Similarities]:
    if path is None or not path.is_file():
        return np.zeros(0, np.uint64), np.zeros(0)
    table = read_kept(path, ["pair", "jaccard"])
    return table["pair"].to_numpy(), table["jaccard"].to_numpy()
