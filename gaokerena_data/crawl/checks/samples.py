"""Pages of a site with the records they gave, and what is not as it was in them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gaokerena_data.crawl.pages import Records
from gaokerena_data.datasets.kind import KINDS, kind_of
from gaokerena_data.sources import Source
from gaokerena_data.workspace import Workspace

_LEAST, _MOST = 0.5, 4.0  # of a text's length
_MISSED = 0.5  # of the pages that had a field
_UNCOMPARED = {"id", "thread_id", "source", "url", "provenance", "fetched_at", "answer_position"}


@dataclass(frozen=True, slots=True)
class Known:
    """A page and what it gave.

    Args:
        url: its canonical url.
        asked: the url under which it was answered.
        rows: its extracted records, with the name of their kind under "kind".
    """

    url: str
    asked: str
    rows: list[dict[str, Any]]


def known_samples(workspace: Workspace, source: Source, count: int) -> list[Known]:
    """Pages of a site that gave records, spread over all of them, in a drawn but fixed order."""
    found: dict[str, Known] = {}
    for kind in source.kinds:
        path = workspace.extracted(kind, source.name) / "crawl.parquet"
        if not path.is_file():
            continue
        urls = pc.unique(pq.read_table(path, columns=["url"])["url"])
        # In id order pages lie as if they were drawn: every n-th is a fair sample.
        step = max(1, len(urls) // count)
        chosen = urls.take(pa.array(range(0, len(urls), step)[:count]))
        for row in pq.read_table(path, filters=pc.field("url").isin(chosen)).to_pylist():
            asked = row["provenance"]["final_url"]
            known = found.setdefault(row["url"], Known(row["url"], asked, []))
            known.rows.append({**row, "kind": kind})
    return list(found.values())[:count]


def compare(known: Known, records: Records) -> Iterator[str]:
    """What a page gave and gives no longer, one sentence each.

    Args:
        known: the page as it was.
        records: what it gives now.
    """
    if not records:
        yield f"gave {len(known.rows)} records, and gives none"
        return
    kind = KINDS[kind_of(records[0]).name]
    before = [row for row in known.rows if row["kind"] == kind.name]
    if not before:
        yield f"gave a record of the kind {known.rows[0]['kind']}, and gives one of {kind.name}"
        return
    for name in sorted({kind.heading, kind.body} - {"title"}):
        was = sum(len(row[name] or "") for row in before)
        now = sum(len(getattr(record, name) or "") for record in records)
        if was and not _LEAST * was <= now <= _MOST * was:
            yield f"{name} has {now:,} characters, and had {was:,}"


def vanished_fields(pages: Sequence[tuple[Known, Records]]) -> list[str]:
    """Which fields the pages had and have no longer, most of them."""
    had: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for known, records in pages:
        if not records:
            continue
        kind = KINDS[kind_of(records[0]).name]
        for name in set(kind.schema.names) - _UNCOMPARED:
            if any(row.get(name) not in (None, "", []) for row in known.rows):
                had[name] += 1
                lost[name] += not any(
                    getattr(record, name) not in (None, "", []) for record in records
                )
    return [
        f"{name} is missing from {lost[name]} of the {had[name]} pages that had it"
        for name in sorted(lost)
        if lost[name] and lost[name] >= _MISSED * had[name]
    ]
