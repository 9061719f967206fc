"""Which records and texts somebody asked to be left out: by their names, and by their words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.takedowns.alike import Alike, PrintIndex
from gaokerena_data.takedowns.key import name_of, read_key
from gaokerena_data.takedowns.prints import Side
from gaokerena_data.takedowns.requests import Takedown, Takedowns, load_takedowns
from gaokerena_data.text.near_duplicates.signatures import batches
from gaokerena_data.workspace import Workspace

type Column = pa.Array | pa.ChunkedArray | Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant by a request.

    Args:
        request: which.
        is_twin: whether both texts of the record are equal or nearly equal to its, or the one that
            an article has: not where it only holds one, quotes one or is a piece of one.
    """

    request: Takedown
    is_twin: bool


class TakedownMatcher:
    """All requests, looked up by what records are called and by what they say.

    Args:
        takedowns: the requests.
        key: of their fingerprints; None where there are none.
    """

    def __init__(self, takedowns: Takedowns, key: bytes | None) -> None:
        self.takedowns = takedowns
        self.requests = takedowns.requests
        prints = [
            (number, each) for number, request in enumerate(self.requests) for each in request.texts
        ]
        self._index = PrintIndex([each for _, each in prints], key or bytes(16))
        self._request_of = np.array([number for number, _ in prints], np.int64)
        self._is_heading = np.array([each.side == "heading" for _, each in prints], np.bool_)

    @property
    def is_empty(self) -> bool:
        """Whether nobody asked for anything."""
        return not self.requests

    @property
    def knows_texts(self) -> bool:
        """Whether there is a fingerprint to compare texts with."""
        return len(self._request_of) > 0

    def reasons(
        self,
        ids: Column,
        urls: Column | None,
        headings: Column | None,
        bodies: Column | None,
        *,
        threads: Column | None = None,
        is_pair: bool,
    ) -> list[str | None]:
        """Why each record may not be published, None where nobody asked.

        Args:
            ids: of the records.
            urls: their pages, where they are known.
            headings: their questions or titles.
            bodies: their answers or contents.
            threads: ids of their threads.
            is_pair: whether bodies are answers: one that stands under many people's questions
                says nothing by itself.
        """
        found: list[str | None] = [None] * len(ids)
        if self.knows_texts and headings is not None and bodies is not None:
            for row, meant in self.by_texts(headings, bodies, is_pair=is_pair).items():
                found[row] = meant.request.reason
        for row, reason in self.by_names(ids, urls, threads).items():
            found[row] = reason
        return found

    def by_names(
        self, ids: Column, urls: Column | None, threads: Column | None = None
    ) -> dict[int, str]:
        """Row -> reason of the records whose id, thread, page or site somebody named."""
        by_kind = {kind: [r for r in self.requests if r.kind == kind] for kind in _KINDS}
        wanted = pa.array([each.target for each in by_kind["id"]], pa.string())
        found: dict[int, str] = {}
        for named in (ids, threads):
            if named is not None and len(wanted):
                places = pc.index_in(_array(named), value_set=wanted)
                for row in np.flatnonzero(places.is_valid().to_numpy(zero_copy_only=False)):
                    found.setdefault(int(row), by_kind["id"][places[int(row)].as_py()].reason)
        if by_kind["url"] or by_kind["host"]:
            self._by_pages(ids, urls, found)
        return found

    def _by_pages(self, ids: Column, urls: Column | None, found: dict[int, str]) -> None:
        """Look each different page up once, and each source whose rows have none."""
        pages = _array(urls) if urls is not None else pa.nulls(len(ids), pa.string())
        source = pc.replace_substring_regex(_array(ids), "-[^-]*$", "-")
        key = pc.binary_join_element_wise(source, pc.fill_null(pages, ""), "\0")
        encoded = key.dictionary_encode()
        reasons = []
        for each in encoded.dictionary.to_pylist():
            of, _, page = each.partition("\0")
            reasons.append(self.takedowns.matches(of, page or None))
        hit = np.array([reason is not None for reason in reasons], np.bool_)
        if hit.any():
            codes = encoded.indices.to_numpy()
            for row in np.flatnonzero(hit[codes]).tolist():
                found.setdefault(row, str(reasons[codes[row]]))

    def by_texts(self, headings: Column, bodies: Column, *, is_pair: bool) -> dict[int, Meant]:
        """Row -> what was meant, of the records that say what was taken down."""
        if not self.knows_texts:
            return {}
        heading = self._search(headings, "heading")
        body = self._search(bodies, "answer" if is_pair else "content")
        if not is_pair:  # a title that somebody's article quotes is not its words
            heading = heading.where(self._is_heading[heading.prints])
        found: dict[int, Meant] = {}
        width = len(self.requests)
        asked, said = (
            each.texts * width + self._request_of[each.prints] for each in (heading, body)
        )
        alone = np.concatenate((asked[heading.alone], said[body.alone]))
        same = said[body.twins]
        if is_pair:
            same = np.intersect1d(asked[heading.twins], same)
            # Both of its texts are like texts of one request.
            alone = np.concatenate((alone, np.intersect1d(asked, said)))
        for key in np.unique(alone).tolist():
            row, request = divmod(key, width)
            is_twin = bool(np.isin(key, same))
            if row not in found or (is_twin and not found[row].is_twin):
                found[row] = Meant(self.requests[request], is_twin)
        return found

    def of_text(self, text: str) -> str | None:
        """Why one text that stands anywhere may not be shown, or None where nobody asked."""
        return self.of_texts([text])[0]

    def of_texts(self, texts: Column) -> list[str | None]:
        """The same of many."""
        found: list[str | None] = [None] * len(texts)
        if self.knows_texts:
            alike = self._search(texts, "answer")
            for row, number in zip(
                alike.texts[alike.alone].tolist(),
                self._request_of[alike.prints[alike.alone]].tolist(),
                strict=True,
            ):
                found[row] = self.requests[number].reason
        return found

    def _search(self, column: Column, side: Side) -> Alike:
        """All pairs of texts of a column and fingerprints, a batch in memory at a time."""
        texts = _array(column)
        parts = []
        at = 0
        for batch in batches(text or "" for text in _each(texts)):
            some = self._index.find(batch, side)
            parts.append(some._replace(texts=some.texts + at))
            at += len(batch)
        parts = parts or [self._index.find([""], side)]
        return Alike(*(np.concatenate(each) for each in zip(*parts, strict=True)))


_KINDS = ("id", "url", "host")


def read_matcher(workspace: Workspace) -> TakedownMatcher:
    """The requests of a workspace, ready to be asked.

    Raises:
        GaokerenaError: a damaged file, or a key that is gone or another one: what is asked for
            could not be found.
    """
    return make_matcher(workspace, load_takedowns(workspace))


def make_matcher(workspace: Workspace, takedowns: Takedowns) -> TakedownMatcher:
    """The same of these requests."""
    names = {each.key for each in takedowns.requests if each.texts}
    if not names:
        return TakedownMatcher(takedowns, None)
    key = read_key(workspace)
    if key is None or names != {name_of(key)}:
        what = "is not there" if key is None else "is another one"
        raise GaokerenaError(
            f"{workspace.takedowns_key}: the key of the takedowns' fingerprints {what}; bring it "
            "back, without it nobody can tell which texts were taken down"
        )
    return TakedownMatcher(takedowns, key)


def _array(column: Column) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks()
    return column if isinstance(column, pa.Array) else pa.array(column, pa.string())


def _each(texts: pa.Array) -> Iterator[str | None]:
    for at in range(0, len(texts), 4_096):
        yield from texts.slice(at, 4_096).to_pylist()
