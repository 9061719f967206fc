"""MinHash signatures of texts, the same numbers as `datasketch.MinHash` from the same hashes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from gaokerena_data.text.compared_words import compared_words
from gaokerena_data.text.files import atomic_file
from gaokerena_data.text.shingling import Shingles, shingles_of
from gaokerena_data.text.word_arrays import WordArrays, word_arrays

type Signatures = npt.NDArray[np.uint32]

# What the processor's cache likes: measured, 2**17 is 1.5 times as fast as 2**19.
_CHARACTERS_A_BATCH = 1 << 17
# Permuted hashes at once: some permutations of an article batch, all of them of a single text.
_HASHES_A_BLOCK = 1 << 17


@dataclass(frozen=True)
class Fingerprints:
    """What near-duplicates are found by: 470 bytes a text, whatever its length.

    Attributes:
        signatures: (texts, permutations) MinHash values; all ones for a text shorter than n words.
        whole: (texts,) 64-bit hash of all words in order; equal hashes are exact duplicates.
        word_counts: (texts,) words of each text.
        n: words in a shingle.
        seed: of the permutations.
    """

    signatures: Signatures
    whole: npt.NDArray[np.uint64]
    word_counts: npt.NDArray[np.int64]
    n: int
    seed: int

    def __len__(self) -> int:
        return len(self.whole)

    def save(self, path: Path) -> None:
        """Write to one `.npz` file: the same fingerprints, the same bytes."""
        with atomic_file(path) as part, part.open("wb") as file:
            np.savez(
                file,
                signatures=self.signatures,
                whole=self.whole,
                word_counts=self.word_counts,
                n_and_seed=np.array([self.n, self.seed]),
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ValueError: the file is missing, broken, or something else.
        """
        try:
            with path.open("rb") as file, np.lib.npyio.NpzFile(file) as arrays:
                n, seed = arrays["n_and_seed"].tolist()
                return cls(
                    arrays["signatures"], arrays["whole"], arrays["word_counts"], n=n, seed=seed
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ValueError(
                f"{path} cannot be read as MinHash signatures ({error}): delete it, and they are "
                "computed again"
            ) from error

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The fingerprints of several shards, one after another.

        Raises:
            ValueError: they were made with different settings, or there is none.
        """
        settings = {(part.n, part.seed, part.signatures.shape[1]) for part in parts}
        if len(settings) != 1:
            raise ValueError(
                f"signatures of different settings cannot be compared (n, seed, permutations: "
                f"{sorted(settings)}): delete the older ones, and they are computed again"
            )
        return cls(
            np.concatenate([part.signatures for part in parts]),
            np.concatenate([part.whole for part in parts]),
            np.concatenate([part.word_counts for part in parts]),
            n=parts[0].n,
            seed=parts[0].seed,
        )


def fingerprints(
    texts: Iterable[str], *, n: int = 5, permutations: int = 112, seed: int = 1
) -> Fingerprints:
    """Fingerprint texts, in their order, a batch at a time: an iterator is never held whole.

    In one thread: a batch that fits the processor's cache is worked on in operations so short that
    threads wait for the interpreter more than they compute. Processes, each with a part of the
    texts, share nothing; `Fingerprints.joined` puts together what they return.

    Args:
        texts: any number of texts.
        n: words in a shingle.
        permutations: length of a signature.
        seed: of the permutations, as `datasketch.MinHash(seed=...)`.
    """
    _keep_freed_memory()
    parts = [
        fingerprint_words(word_arrays(batch), n, permutations, seed) for batch in batches(texts)
    ]
    return Fingerprints.joined(parts or [fingerprint_words(word_arrays([]), n, permutations, seed)])


def minhash(shingles: Shingles, permutations: int = 112, seed: int = 1) -> Signatures:
    """The MinHash signatures of a batch of texts.

    Each shingle's lower 32 bits are what datasketch's `hashfunc` returns; permutation k maps it to
    `a[k] * fmix32(hash) + b[k]` modulo 2**32 (datasketch 2's scheme `affine32`), and the least
    over a text's shingles is its signature's k-th number.

    Returns:
        (texts, permutations) numbers; all are 2**32 - 1 for a text without a shingle.

    Texts with the same words have the same numbers; one that is shorter than a shingle has none:

    >>> found = minhash(shingles_of(word_arrays(["a b c", "A  b c.", "a"]), n=2), permutations=2)
    >>> bool((found[0] == found[1]).all()), (found[2] == 2**32 - 1).tolist()
    (True, [True, True])
    """
    factors, shifts = _permutations(permutations, seed)
    counts = np.diff(shingles.starts)
    signatures = np.full((len(counts), permutations), 0xFFFFFFFF, np.uint32)
    filled = np.flatnonzero(counts)
    if len(filled) == 0:
        return signatures
    starts = shingles.starts[filled]
    hashes = _fmix32(shingles.hashes.astype(np.uint32))
    least = np.empty((permutations, len(filled)), np.uint32)
    at_once = max(1, _HASHES_A_BLOCK // len(hashes))
    for k in range(0, permutations, at_once):
        some = slice(k, k + at_once)
        permuted = hashes * factors[some, None]
        permuted += shifts[some, None]
        np.minimum.reduceat(permuted, starts, axis=1, out=least[some])
    signatures[filled] = least.T
    return signatures


@cache
def _permutations(count: int, seed: int) -> tuple[Signatures, Signatures]:
    """As datasketch 2 draws them for its scheme `affine32`."""
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    shifts = generator.randint(0, 1 << 32, count, dtype=np.uint32)
    return factors, shifts


def _fmix32(hashes: Signatures) -> Signatures:
    """MurmurHash3's 32-bit finalizer."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


def _keep_freed_memory() -> None:
    """Keep the C library from returning every batch's memory to the system and asking it back.

    glibc returns freed memory beyond a limit that it learns from the largest block freed so far
    (mallopt(3), M_TRIM_THRESHOLD). Let it free a block larger than any batch's first: without,
    a third of the time goes into page faults. The limit costs at most 32 MB.
    """
    np.empty(16 << 20, np.uint8)


def fingerprint_words(words: WordArrays, n: int, permutations: int, seed: int) -> Fingerprints:
    """The fingerprints of a batch whose words were found already; see `fingerprints`."""
    shingles = shingles_of(compared_words(words), n)
    return Fingerprints(
        minhash(shingles, permutations, seed), shingles.whole, shingles.word_counts, n=n, seed=seed
    )


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in batches of about a hundred thousand characters, to be worked on in one go."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        batch.append(text)
        characters += len(text) + 1
        if characters >= _CHARACTERS_A_BATCH:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
