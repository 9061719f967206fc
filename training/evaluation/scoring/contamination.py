"""Contamination: which test items share word n-grams with training texts.

The test side is small and is held in memory; training texts are read past it one by one, so that
a corpus of any size can be checked against all test sets at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.questions.sources import TextSource, read_texts
from training.evaluation.scoring.item_finder import ItemFinder
from training.evaluation.scoring.item_words import is_courtesy, item_words

N = 8
# The share of an item's n-grams from which it counts as nearly whole in the training texts.
_NEARLY_WHOLE = 0.8


@dataclass(frozen=True, slots=True)
class Overlap:
    """One text column of a test set against one training set.

    Args:
        test: the test set.
        column: which of its texts.
        train: the training set.
        items: texts in the column, empty ones not counted.
        touched: those that share an n-gram.
        covered: those of whose n-grams at least 80 % occur.
        verbatim: those that are a training text word for word.
        inside: those of fewer words than an n-gram that stand whole in a training text.
        reworded: those that are not covered, of whose words at least 75 % stand in a training
            text, in order and in a stretch not much longer than the item.
        plain: those that are too short, or of greetings and words of grammar alone, so that
            nothing but the text as a whole is looked for.
    """

    test: str
    column: str
    train: str
    items: int
    touched: int
    covered: int
    verbatim: int
    inside: int = 0
    reworded: int = 0
    plain: int = 0

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{self.test} ({self.column}) against {self.train}: {self.touched} of {self.items} "
            f"touched, {self.covered} nearly whole, {self.verbatim} verbatim, {self.inside} short "
            f"ones inside a text, {self.reworded} reworded, {self.plain} too plain to look for"
        )


def grams(text: str, n: int = N) -> set[str]:
    """The word n-grams of a text; a shorter text is one gram. Spelling variants fold together.

    Example:
        >>> sorted(grams("قرص را صبح بخورید", n=3))
        ['را صبح بخورید', 'قرص را صبح']
    """
    return _grams(item_words(text), n)


def find_overlaps(
    tests: Mapping[str, Iterable[Mapping[str, str]]],
    train: str,
    train_rows: Iterable[Mapping[str, str]],
    n: int = N,
) -> list[Overlap]:
    """One row for every text column of every test set.

    Args:
        tests: name of a test set -> its rows, each column -> text.
        train: name of the training set.
        train_rows: its rows, read once.
        n: words in an n-gram.

    Example:
        The first question shares one of its two pairs of words, the second none.

        >>> tests = {"exam": [{"question": "تب و لرز"}, {"question": "سردرد"}]}
        >>> [found] = find_overlaps(tests, "corpus", [{"content": "تب و سرفه"}], n=2)
        >>> found.items, found.touched, found.covered, found.verbatim
        (2, 1, 0, 0)
    """
    items = [
        _Item(test, column, tuple(found), frozenset(_grams(found, n)))
        for test, rows in tests.items()
        for row in rows
        for column, found in ((column, item_words(text)) for column, text in row.items())
    ]
    wanted: set[str] = set().union(*(item.grams for item in items)) if items else set()
    whole = {item.words for item in items}
    finder = ItemFinder([item.words for item in items], n)
    seen: set[str] = set()
    seen_whole: set[tuple[str, ...]] = set()
    for row in train_rows:
        for text in row.values():
            found = item_words(text)
            seen.update(_grams(found, n) & wanted)
            finder.read(found)
            if (folded := tuple(found)) in whole:
                seen_whole.add(folded)
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, item in enumerate(items):
        numbers.setdefault((item.test, item.column), []).append(number)
    overlaps = []
    for (test, column), of_column in numbers.items():
        shares = {number: _share(items[number].grams, seen) for number in of_column}
        covered = {
            number
            for number, share in shares.items()
            if share >= _NEARLY_WHOLE and not is_courtesy(items[number].words)
        }
        overlaps.append(
            Overlap(
                test,
                column,
                train,
                len(of_column),
                touched=sum(share > 0 for share in shares.values()),
                covered=len(covered),
                verbatim=sum(items[number].words in seen_whole for number in of_column),
                inside=len(finder.inside.intersection(of_column)),
                reworded=len(finder.reworded.intersection(of_column) - covered),
                plain=len(finder.plain.intersection(of_column)),
            )
        )
    return overlaps


class _Item(NamedTuple):
    test: str
    column: str
    words: tuple[str, ...]
    grams: frozenset[str]


def _share(own: frozenset[str], seen: set[str]) -> float:
    return len(own & seen) / len(own) if own else 0.0


def check_contamination(
    tests: Sequence[TextSource],
    trains: Sequence[TextSource],
    *,
    n: int = N,
    progress: Progress = unseen,
) -> dict[str, Any]:
    """Hold every test set against every training set.

    Returns:
        The summary of kind "contamination": `sources` (name -> what was read and its SHA-256, so
        that whoever shows the figures can tell that they are of other data) and `rows`, one
        `Overlap` each.

    Raises:
        GaokerenaError: a source cannot be read, or two have one name.
    """
    names = [source.name for source in (*tests, *trains)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise GaokerenaError(f"two sources are called {twice[0]}: give each a name of its own")
    texts = {source.name: list(read_texts(source)) for source in tests}
    rows: list[dict[str, Any]] = []
    for done, train in enumerate(trains):
        progress(done, len(trains))
        rows += map(asdict, find_overlaps(texts, train.name, read_texts(train), n))
    progress(len(trains), len(trains))
    sources = {source.name: source.describe() for source in (*tests, *trains)}
    return {"kind": "contamination", "n": n, "sources": sources, "rows": rows}


def read_overlaps(summary: Mapping[str, Any]) -> Iterator[Overlap]:
    """The rows of a summary."""
    return (Overlap(**row) for row in summary["rows"])


def _grams(found: list[str], n: int) -> set[str]:
    if not found:
        return set()
    last = max(len(found) - n + 1, 1)
    return {" ".join(found[start : start + n]) for start in range(last)}
