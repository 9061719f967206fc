"""Near-duplicate clusters of a curation: what was kept beside what was left out for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.rules.near_duplicate import NAME as NEAR_DUPLICATE
from gaokerena_data.curate.told.sampled import Drawn, last_ledger, texts_of
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.text.normalizer import normalizer
from gaokerena_data.workspace import Workspace

# Comparing word by word is quadratic at worst: what is longer is compared as far as this.
_MOST_WORDS = 1_500


@dataclass(frozen=True, slots=True)
class DuplicateCluster:
    """One kept record, and those that were left out for it, the least similar first."""

    kept: Drawn
    dropped: tuple[Drawn, ...]

    @property
    def least_similar(self) -> float:
        """Jaccard similarity of the farthest; 1 where all say the same."""
        return min(each.ledger.similarity or 1.0 for each in self.dropped)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both texts, or in one alone."""

    text: str
    where: str  # "both", "kept" or "dropped"


def find_duplicate_clusters(
    workspace: Workspace, dataset: str, count: int
) -> tuple[list[DuplicateCluster], int]:
    """The clusters that a person should look at first: those least alike.

    Args:
        workspace: with the dataset curated.
        dataset: its name.
        count: how many clusters.

    Returns:
        The clusters, the one with the farthest member first, and how many there are.

    Raises:
        GaokerenaError: nothing is curated, or no record was left out for another.
    """
    declaration = find_dataset(workspace, dataset)
    ledger = last_ledger(workspace, dataset)
    near = pc.and_(pc.equal(ledger["step"], NEAR_DUPLICATE), pc.is_valid(ledger["keeper"]))
    rows = sorted(
        (LedgerRow(**row) for row in ledger.filter(near).to_pylist()),
        key=lambda row: (row.keeper or "", row.similarity or 1.0, row.id),
    )
    members = {name or "": list(some) for name, some in groupby(rows, lambda row: row.keeper)}
    if not members:
        raise GaokerenaError(f"{dataset}: no record was left out for one that is nearly the same")
    chosen = sorted(members, key=lambda name: (members[name][0].similarity or 1.0, name))[:count]
    keepers = {row["id"]: LedgerRow(**row) for row in _named(ledger, chosen)}
    shown = [*keepers.values(), *(row for name in chosen for row in members[name])]
    texts = texts_of(workspace, shown, declaration)

    normalized = normalizer(declaration.language)

    def drawn(row: LedgerRow) -> Drawn:
        heading, body = texts.get(row.id, ("", ""))
        if row.decision == "kept":  # it is published so
            return Drawn(row, heading, body)
        return Drawn(row, normalized(heading), normalized(body))

    clusters = [
        DuplicateCluster(drawn(keepers[name]), tuple(map(drawn, members[name])))
        for name in chosen
        if name in keepers
    ]
    return clusters, len(members)


def compare_words(kept: str, dropped: str) -> list[Piece]:
    """Two texts as one: what both say, and what only one of them says.

    Example:
        >>> [(piece.where, piece.text) for piece in compare_words("قرص ۵۰ میلی", "قرص ۵۰۰ میلی")]
        [('both', 'قرص'), ('kept', '۵۰'), ('dropped', '۵۰۰'), ('both', 'میلی')]
    """
    old, new = kept.split()[:_MOST_WORDS], dropped.split()[:_MOST_WORDS]
    pieces: list[Piece] = []
    for tag, left, left_end, right, right_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(" ".join(old[left:left_end]), "both"))
            continue
        if left < left_end:
            pieces.append(Piece(" ".join(old[left:left_end]), "kept"))
        if right < right_end:
            pieces.append(Piece(" ".join(new[right:right_end]), "dropped"))
    return pieces


def _named(ledger: pa.Table, ids: Iterable[str]) -> list[dict[str, Any]]:
    wanted = pa.array(list(ids), pa.string())
    rows: list[dict[str, Any]] = ledger.filter(pc.is_in(ledger["id"], wanted)).to_pylist()
    return rows
