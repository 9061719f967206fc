"""What hazm knows: its character tables, rules and word lists.

hazm is asked once for each of its versions. To import it brings nltk and scipy along, and it reads
half a million words and conjugates its verbs: four seconds and 300 MB in every process. What is
used of all that is kept in one file among the user's caches, which is read in half a second. The
file is made again where it is not there or not whole, and done without where none can be written.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from gaokerena_data.text.files import atomic_file

ZWNJ = "\u200c"
_FORM = 1  # of the file: raise it when what is kept changes
_CONSTANTS = (
    *("TRANSLATION_SRC", "TRANSLATION_DST", "NUMBERS_SRC", "NUMBERS_DST", "UNICODE_REPLACEMENTS"),
    *("PERSIAN_STYLE_PATTERNS", "AFFIX_SPACING_PATTERNS", "PUNCTUATION_SPACING_PATTERNS"),
    *("DIACRITICS_PATTERNS", "SPECIAL_CHARS_PATTERNS"),
)


class Vocabulary(NamedTuple):
    """hazm's word lists, arranged for the questions that are asked of them."""

    words: frozenset[str]
    verbs: frozenset[str]
    joined: frozenset[str]  # words and verbs with a ZWNJ inside
    first_parts: frozenset[str]  # the left halves of those
    second_parts: frozenset[str]  # whatever may be the right half of a join
    suffixes: frozenset[str]
    verb_starts: frozenset[str]  # first parts of verbs written with "_"
    joinable_verbs: frozenset[str]  # verbs with می that are themselves part of a join
    # The words that hazm's tokenizer joins into one verb: «گفته شده است» is one token.
    before_verbs: frozenset[str]
    after_verbs: frozenset[str]
    participles: frozenset[str]
    stopwords: frozenset[str]


class HazmTables(NamedTuple):
    """Everything that is used of hazm.

    Attributes:
        constants: of `hazm.constants`, by name; tuples are lists.
        vocabulary: its word lists.
    """

    constants: dict[str, Any]
    vocabulary: Vocabulary


@cache
def hazm_tables() -> HazmTables:
    """Hazm's tables, from the file or from hazm itself."""
    file = tables_file()
    # Not there, of another form, or not whole: whatever it is, hazm knows better.
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _parse(file.read_bytes())
    content = _written(_ask_hazm())
    with suppress(OSError), atomic_file(file) as part:
        part.write_bytes(content)
    return _parse(content)


@cache
def hazm_vocabulary() -> Vocabulary:
    """The word lists of hazm's dictionary and of its conjugation of verbs."""
    return hazm_tables().vocabulary


def tables_file() -> Path:
    """Where the tables of the installed version of hazm are kept."""
    return user_cache_path("gaokerena") / f"hazm-{version('hazm')}-{_FORM}.txt"


def _ask_hazm() -> HazmTables:
    from hazm import WordTokenizer, constants, stopwords_list
    from hazm.lemmatizer import Conjugation

    # One tokenizer for everything. With its verbs conjugated here, these are the verbs of
    # `Lemmatizer(joined_verb_parts=False)`.
    tokenizer = WordTokenizer()
    words: dict[str, tuple[int, tuple[str, ...]]] = tokenizer.words
    conjugation = Conjugation()
    verbs = frozenset(
        ("است", *(tense for verb in tokenizer.verbs for tense in conjugation.get_all(verb)))
    )
    joined = {word for word, (count, _) in words.items() if count > 0 and ZWNJ in word}
    joined |= {verb for verb in verbs if ZWNJ in verb}
    second_parts = {word[i + 1 :] for word in joined for i, char in enumerate(word) if char == ZWNJ}
    first_parts = {word[:i] for word in joined for i, char in enumerate(word) if char == ZWNJ}
    parts = second_parts | words.keys() | first_parts
    vocabulary = Vocabulary(
        frozenset(words),
        verbs,
        frozenset(joined),
        frozenset(first_parts),
        frozenset(second_parts | constants.SUFFIXES),
        frozenset(constants.SUFFIXES),
        frozenset(verb.split("_")[0] for verb in verbs if "_" in verb),
        frozenset(part for part in parts if part.startswith((f"می{ZWNJ}", f"نمی{ZWNJ}"))),
        frozenset(tokenizer.before_verbs),
        frozenset(tokenizer.after_verbs),
        frozenset(tokenizer.verbe),
        frozenset(stopwords_list()),
    )
    return HazmTables({name: getattr(constants, name) for name in _CONSTANTS}, vocabulary)


def _written(tables: HazmTables) -> bytes:
    """A line of JSON with the constants and how long the lists are, then a line a word."""
    lists = {name: sorted(words) for name, words in tables.vocabulary._asdict().items()}
    counts = {name: len(words) for name, words in lists.items()}
    head = json.dumps({"constants": tables.constants, "lists": counts})
    return "\n".join([head, *(word for words in lists.values() for word in words)]).encode()


def _parse(content: bytes) -> HazmTables:
    head, *words = content.decode().split("\n")
    stated = json.loads(head)
    counts = stated["lists"]
    if len(words) != sum(counts.values()):
        raise ValueError("the file is not whole")
    rest: Iterator[str] = iter(words)
    lists = {name: frozenset(islice(rest, counts[name])) for name in Vocabulary._fields}
    return HazmTables({name: stated["constants"][name] for name in _CONSTANTS}, Vocabulary(**lists))
