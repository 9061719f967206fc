"""Which records of a dataset are like a text or a record.

A person's mistake is told before the libraries are imported that search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from gaokerena_data.curate.told.earlier_runs import find_run
from gaokerena_data.curate.told.similar_query import read_query
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.progress import Progress
from gaokerena_data.workspace import Workspace

if TYPE_CHECKING:
    from gaokerena_data.curate.told.similar_lookup import Alike, Sought
    from gaokerena_data.curate.told.similar_records import CuratedRecords

THRESHOLD, LIMIT = 0.5, 10
_SIDES = ("heading", "body")


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is like what was looked up.

    Args:
        row: its id and source, and what became of it in the last curation.
        heading: the true Jaccard similarity of its heading; None where there is none to compare.
        body: the same of its body.
        best: name of its text in which the two are most alike.
        holds: whether that text holds every word n-gram of the one looked up.
        is_held: whether all of that text's n-grams stand in the one looked up.
        texts: its normalized texts, by the names that its kind gives them; none where the record
            that was looked up is private.
    """

    row: LedgerRow
    heading: float | None
    body: float | None
    best: str
    holds: bool
    is_held: bool
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class SimilarRecords:
    """What a look-up has found.

    Args:
        query: the row of the record that was looked up; None for a text.
        is_private: whether that record's words may not be shown, nor those of its like.
        records: how many were searched.
        found: the most similar, the best first.
        more: how many more there are.
        private: how many there are whose words are shown to nobody; they are not among the others.
        too_short: names of the looked-up texts of so few words that only equal ones are found.
        shingle_words: words of an n-gram.
        reach: the probability that a text of the threshold's similarity is found.
        threshold: from which on texts count as similar.
    """

    query: LedgerRow | None
    is_private: bool
    records: int
    found: list[Similar]
    more: int
    private: int
    too_short: list[str]
    shingle_words: int
    reach: float
    threshold: float


def find_similar(
    workspace: Workspace,
    dataset: str,
    query: str,
    *,
    threshold: float = THRESHOLD,
    side: str | None = None,
    limit: int = LIMIT,
    progress: Progress | None = None,
) -> SimilarRecords:
    """Look a text or a record up among all records that the last curation of a dataset knew.

    A record's heading is compared with headings and its body with bodies, a text with both.

    Args:
        workspace: where the dataset is.
        dataset: its name.
        query: the id of a record, a UTF-8 file, "-" for standard input, or a text.
        threshold: the Jaccard similarity from which on texts are similar, in one side or the other.
        side: "heading" or "body", to look nowhere else; by default what is compared in duplicates
            of the kind.
        limit: how many to give.
        progress: told (what, done, total).

    Raises:
        GaokerenaError: the dataset is not curated, its signals are gone, or the query is wrong.
    """
    declaration = find_dataset(workspace, dataset)
    run = find_run(workspace, dataset, "last", workspace.curated(dataset))
    is_record = pc.any(pc.equal(run.ledger["id"], query)).as_py()
    text = None if is_record else read_query(query, dataset)

    from gaokerena_data.curate.told.similar_records import read_records

    records = read_records(workspace, declaration, run)
    sides = (side,) if side else declaration.kind.compared
    sought, own = _sought_record(records, query) if text is None else _sought_text(records, text)

    def told(done: int, total: int) -> None:
        if progress is not None:
            progress("search shards", done, total)

    alike = {
        each.key: each
        for each in records.search([sought], sides, told)
        if max(each.of(side) for side in sides) >= threshold
    }
    rows = [row for row in records.rows_of(list(alike)) if own is None or row["id"] != own.id]
    private = records.private_ids(rows)
    shown = [row for row in rows if row["id"] not in private]
    shown.sort(key=lambda row: _rank(alike[row["key"]], row["id"], sides))
    hidden = own is not None and bool(records.private_ids(records.named(own.id)))
    return SimilarRecords(
        query=own,
        is_private=hidden,
        records=records.index.num_rows,
        found=_tell(records, shown[:limit], alike, sought, sides, hidden=hidden),
        more=max(0, len(shown) - limit),
        private=len(rows) - len(shown),
        too_short=_short_texts(records, sought, sides),
        shingle_words=records.settings.shingle_words,
        reach=1 - (1 - threshold**records.settings.rows) ** records.settings.bands,
        threshold=threshold,
    )


def _sought_text(records: "CuratedRecords", text: str) -> tuple["Sought", None]:
    """A text as the store would have it: without personal data, normalized."""
    from gaokerena_data.curate.told.similar_lookup import Sought
    from gaokerena_data.text.normalizer import normalizer
    from gaokerena_data.text.privacy import redact

    clean = normalizer(records.declaration.language)(redact(text))
    return Sought(clean, clean), None


def _sought_record(records: "CuratedRecords", name: str) -> tuple["Sought", LedgerRow]:
    """The texts of a record, and what became of it."""
    from gaokerena_data.curate.told.similar_lookup import Sought

    keys = [row["key"] for row in records.named(name) if row["id"] == name]
    return Sought(*records.texts_of(keys)[0]), records.outcomes([name])[name]


def _rank(alike: "Alike", record_id: str, sides: Sequence[str]) -> tuple[float, float, str]:
    return (
        -max(alike.of(side) for side in sides),
        -(alike.of("heading") + alike.of("body")),
        record_id,
    )


def _short_texts(records: "CuratedRecords", sought: "Sought", sides: Sequence[str]) -> list[str]:
    """Names of the sought texts that have no word n-gram."""
    from gaokerena_data.text.shingling import compared_shingles

    lengths = compared_shingles(sought).word_counts.tolist()
    return [
        name
        for name, side, text, length in zip(
            records.declaration.kind.texts, _SIDES, sought, lengths, strict=True
        )
        if side in sides and text and length < records.settings.shingle_words
    ]


def _tell(
    records: "CuratedRecords",
    rows: Sequence[dict[str, Any]],
    alike: dict[str, "Alike"],
    sought: "Sought",
    sides: Sequence[str],
    *,
    hidden: bool,
) -> list[Similar]:
    """The records of these index rows, as a person is told of them."""
    from gaokerena_data.text.shingling import shingle_hashes

    fields, words = records.declaration.kind.texts, records.settings.shingle_words
    every = records.texts_of([row["key"] for row in rows])
    outcomes = records.outcomes(row["id"] for row in rows)
    told = []
    for row, texts in zip(rows, every, strict=True):
        each = alike[row["key"]]
        place = _SIDES.index(max(sides, key=each.of))
        one = set(shingle_hashes(sought[place], words).tolist())
        other = set(shingle_hashes(texts[place], words).tolist())
        told.append(
            Similar(
                outcomes[row["id"]],
                each.heading,
                each.body,
                fields[place],
                one <= other,
                other <= one,
                {} if hidden else dict(zip(fields, texts, strict=True)),
            )
        )
    return told
