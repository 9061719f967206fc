"""What requests mean in a workspace: the records that they name, and all that say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from gaokerena_data.takedowns.key import fresh_key, keep_key, name_of, read_key
from gaokerena_data.takedowns.matching import TakedownMatcher, make_matcher
from gaokerena_data.takedowns.places import TextTable, text_tables
from gaokerena_data.takedowns.prints import Side, make_prints
from gaokerena_data.takedowns.requests import (
    Takedown,
    Takedowns,
    load_takedowns,
    put_takedown,
    write_takedowns,
)
from gaokerena_data.takedowns.standing import mark_standing
from gaokerena_data.text.normalizer import PERSIAN, normalizer
from gaokerena_data.text.privacy import redact
from gaokerena_data.workspace import Workspace

type Texts = dict[tuple[Side, str], None]

_SIDES: dict[str, tuple[Side, Side]] = {
    "pair": ("heading", "answer"),
    "article": ("heading", "content"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a request means.

    Args:
        request: with fingerprints of all that it names, and of what is equal or nearly equal.
        key: that they were made with.
        rows: each table that holds what is meant, with the ids of its rows.
    """

    request: Takedown
    key: bytes
    rows: list[tuple[TextTable, list[str]]]

    def ids(self) -> dict[str, list[str]]:
        """The records that are meant, each once, by dataset or benchmark; in id order."""
        found: dict[str, set[str]] = {}
        for table, ids in self.rows:
            if table.stage in ("extracted", "benchmarks"):
                for place in table.place.split(", "):
                    found.setdefault(place, set()).update(ids)
        return {place: sorted(ids) for place, ids in sorted(found.items())}


def find_meant(workspace: Workspace, request: Takedown) -> Found:
    """Look for all that a request means, in every table of the workspace. Nothing is written.

    Args:
        workspace: where.
        request: as a person typed it; fingerprints of an older one for the same target are kept.

    Raises:
        GaokerenaError: a table that cannot be read, or fingerprints of another key.
    """
    older = [
        each
        for each in load_takedowns(workspace).requests
        if (each.kind, each.target) == (request.kind, request.target)
    ]
    if older:
        make_matcher(workspace, Takedowns(older))  # it tells of a key that is gone
        request = replace(request, key=older[0].key, texts=older[0].texts)
    tables = list(text_tables(workspace))
    key = read_key(workspace) or fresh_key()
    (request,) = with_prints(tables, [request], key)
    matcher = TakedownMatcher(Takedowns([request]), key)
    rows = [(table, ids) for table in tables if (ids := _ids_of(table, matcher))]
    return Found(request, key, rows)


def keep_found(workspace: Workspace, found: Found) -> bool:
    """Write a request with its fingerprints; whether the file has changed."""
    if found.request.texts:
        keep_key(workspace, found.key)
    _, is_new = put_takedown(workspace, found.request)
    return is_new


def complete(workspace: Workspace) -> int:
    """Give requests their fingerprints that have none yet, where a record of theirs is known.

    Such are those that an older version wrote, and those that stood there before the record did.

    Returns:
        How many have been given them.
    """
    requests = load_takedowns(workspace).requests
    bare = [each for each in requests if each.twins and not each.texts]
    if not bare:
        return 0
    make_matcher(workspace, Takedowns(requests))
    key = read_key(workspace) or fresh_key()
    done = [each for each in with_prints(list(text_tables(workspace)), bare, key) if each.texts]
    if done:
        keep_key(workspace, key)
        named = {(each.kind, each.target): each for each in done}
        write_takedowns(workspace, [named.get((each.kind, each.target), each) for each in requests])
    return len(done)


def with_prints(
    tables: Sequence[TextTable], requests: Sequence[Takedown], key: bytes
) -> list[Takedown]:
    """The requests with the fingerprints of what they name, and of what nearly equals it.

    A record that is nearly the same is looked for in its own words too, and so on until nothing
    more is found: near-duplicates may be a chain.
    """
    prints = [{(each.side, each.whole): each for each in request.texts} for request in requests]
    new = [
        known | {(each.side, each.whole): each for each in make_prints(list(texts), key)}
        for known, texts in zip(prints, _named_texts(tables, requests), strict=True)
    ]
    while any(new):
        prints = [known | some for known, some in zip(prints, new, strict=True)]
        looked_for = [
            replace(request, reason=str(number), texts=tuple(some.values()))
            for number, (request, some) in enumerate(zip(requests, new, strict=True))
        ]
        found = _twin_texts(tables, TakedownMatcher(Takedowns(looked_for), key), len(requests))
        new = [
            {
                (each.side, each.whole): each
                for each in make_prints(list(texts), key)
                if (each.side, each.whole) not in known
            }
            for known, texts in zip(prints, found, strict=True)
        ]
    every = [[known[name] for name in sorted(known)] for known in prints]
    marked = iter(mark_standing(tables, [each for some in every for each in some], key))
    return [
        replace(
            request,
            key=name_of(key) if some else request.key,
            texts=tuple(next(marked) for _ in some),
        )
        for request, some in zip(requests, every, strict=True)
    ]


def _named_texts(tables: Sequence[TextTable], requests: Sequence[Takedown]) -> list[Texts]:
    """The texts of the records that each request names, and of the threads that they stand in."""
    numbered = [
        replace(each, reason=str(number), texts=())
        for number, each in enumerate(requests)
        if each.twins
    ]
    texts: list[Texts] = [{} for _ in requests]
    if not numbered:
        return texts
    named = TakedownMatcher(Takedowns(numbered), None)
    threads: dict[str, str] = {}
    for table in tables:
        if (name := table.columns.thread) is not None:
            for batch in table.batches(table.columns.names):
                for row, number in table.columns.by_names(named, batch).items():
                    threads[batch[name][row].as_py()] = number
    own = {each.target for each in numbered}
    siblings = [
        Takedown("id", thread, number) for thread, number in threads.items() if thread not in own
    ]
    named = TakedownMatcher(Takedowns([*numbered, *siblings]), None)
    for table in tables:
        columns = table.columns
        for batch in table.batches([*columns.names, *columns.texts]):
            for row, number in columns.by_names(named, batch).items():
                texts[int(number)] |= _texts_of(table, batch, row)
    return texts


def _twin_texts(tables: Sequence[TextTable], matcher: TakedownMatcher, count: int) -> list[Texts]:
    """The texts of the records that are equal or nearly equal to what each request has."""
    texts: list[Texts] = [{} for _ in range(count)]
    for table in tables:
        kind = table.columns.kind
        if kind is None:
            continue
        for batch in table.batches(table.columns.texts):
            headings, bodies = batch.columns
            found = matcher.by_texts(headings, bodies, is_pair=kind == "pair")
            for row, meant in found.items():
                if meant.is_twin:
                    texts[int(meant.request.reason)] |= _texts_of(table, batch, row)
    return texts


def _texts_of(table: TextTable, batch: pa.Table, row: int) -> Texts:
    """What a row says, as it stands there and as a curation would write it."""
    kind = table.columns.kind
    asked: Side = "heading"
    sides = _SIDES[kind] if kind else (asked,) * len(table.columns.texts)
    texts: Texts = {}
    for side, name in zip(sides, table.columns.texts, strict=True):
        text = batch[name][row].as_py()
        # A title announces many articles.
        if text and not (kind == "article" and side == "heading"):
            texts[side, text] = None
            texts[side, normalizer(PERSIAN)(redact(text))] = None
    return texts


def _ids_of(table: TextTable, matcher: TakedownMatcher) -> list[str]:
    """The ids of the rows that are meant."""
    ids: dict[str, None] = {}
    columns = table.columns
    for batch in table.batches([*columns.names, *columns.texts]):
        named = batch[columns.id].to_pylist()
        for place, reason in enumerate(columns.reasons(matcher, batch)):
            if reason is not None:
                ids[named[place]] = None
    return sorted(ids)
