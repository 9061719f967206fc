"""A corpus with planted duplicates whose truth is known, the same at every run.

Articles are sentences drawn at random, from the authors' published files where they are at hand,
else from an invented language with Persian letters and Zipf's law. Into them are planted:

- near-duplicates: a copy with 0 to 4 % of its words replaced, evenly distributed;
- exact duplicates;
- look-alikes: groups of short posts that differ in nothing but doses, which are no duplicates;
- short posts of two to four words, all different.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_LETTERS = "اانیریدمهوتبسشکلزقفگعپحخجصژغطچثظضذ"
_SHARDS = 2  # datatrove's tasks are files
_NEAR, _EXACT, _LOOK_ALIKE, _SHORT = 0.075, 0.015, 0.01, 0.005
# Some answers have no full stop: 2,000 characters would be one sentence. Two articles that drew it
# would be near-duplicates that nobody planted.
_LONGEST_SENTENCE = 400


@dataclass(frozen=True)
class Document:
    """One text of the corpus.

    Attributes:
        text: what is compared.
        kind: "article", "near", "exact", "look-alike" or "short".
        group: equal for a text and its planted copies, and for no other.
    """

    text: str
    kind: str
    group: int


def write_corpus(folder: Path, count: int, characters: int, seed: int, legacy: Path | None) -> None:
    """Write `part-*.parquet` (id, text) and `truth.parquet` (kind, group), in id order.

    Args:
        folder: where to.
        count: how many documents.
        characters: mean length of an article.
        seed: of everything drawn.
        legacy: folder with the authors' spreadsheets, if at hand.
    """
    documents = list(_documents(count, characters, seed, legacy))
    random.Random(seed).shuffle(documents)
    folder.mkdir(parents=True, exist_ok=True)
    ids = np.arange(len(documents))
    for shard, some in enumerate(np.array_split(ids, _SHARDS)):
        columns = {"id": some.astype(str), "text": [documents[i].text for i in some]}
        pq.write_table(pa.table(columns), folder / f"part-{shard}.parquet", row_group_size=1000)
    truth = {"kind": [d.kind for d in documents], "group": [d.group for d in documents]}
    pq.write_table(pa.table(truth), folder / "truth.parquet")


def _documents(count: int, characters: int, seed: int, legacy: Path | None) -> Iterator[Document]:
    chance = random.Random(seed)
    sentences = _real_sentences(legacy) if legacy else _invented_sentences(seed)
    vocabulary = sorted({word for sentence in sentences[:20000] for word in sentence.split()})
    near, exact, alike, short = (
        int(count * share) for share in (_NEAR, _EXACT, _LOOK_ALIKE, _SHORT)
    )
    articles = [
        _article(chance, sentences, characters) for _ in range(count - near - exact - alike - short)
    ]
    yield from (Document(text, "article", group) for group, text in enumerate(articles))
    copied = chance.sample(range(len(articles)), near + exact)
    for group in copied[:near]:
        yield Document(_changed(articles[group], vocabulary, chance), "near", group)
    for group in copied[near:]:
        yield Document(articles[group], "exact", group)
    for k in range(alike):
        drug = vocabulary[k // 4 % len(vocabulary)]
        yield Document(_prescription(drug, chance), "look-alike", len(articles) + k)
    for k in range(short):
        words = chance.sample(vocabulary, chance.randint(1, 3))
        yield Document(" ".join([*words, str(k)]), "short", len(articles) + alike + k)


def _article(chance: random.Random, sentences: list[str], characters: int) -> str:
    length = characters * chance.uniform(0.4, 1.6)
    chosen: list[str] = []
    while length > 0:
        chosen.append(chance.choice(sentences))
        length -= len(chosen[-1]) + 1
    return " ".join(chosen)


def _changed(text: str, vocabulary: list[str], chance: random.Random) -> str:
    words = text.split()
    share = chance.uniform(0, 0.04)
    for place in chance.sample(range(len(words)), max(1, round(len(words) * share))):
        words[place] = chance.choice(vocabulary)
    return " ".join(words)


def _prescription(drug: str, chance: random.Random) -> str:
    dose, times, days, syrup, hours = (chance.randint(1, 999) for _ in range(5))
    return (
        f"سلام، قرص {drug} {dose} میلی گرم روزی {times} بار به مدت {days} روز بعد از غذا "
        f"مصرف شود و شربت {syrup} سی سی هر {hours} ساعت"
    )


def _real_sentences(legacy: Path) -> list[str]:
    """The sentences of the authors' published questions and answers, each once."""
    # Only where real files are at hand is a reader of spreadsheets needed.
    from python_calamine import CalamineWorkbook

    found: dict[str, None] = {}
    for file in sorted(legacy.glob("*.xlsx")):
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        for row in rows[1:]:
            for cell in row[:2]:
                for sentence in re.split(r"(?<=[.!؟])\s+|\n", str(cell)):
                    if 20 < len(sentence) <= _LONGEST_SENTENCE:
                        found[" ".join(sentence.split())] = None
    return list(found)


def _invented_sentences(seed: int, count: int = 80_000) -> list[str]:
    chance = np.random.default_rng(seed)
    weights = 1 / np.arange(1, len(_LETTERS) + 1)
    letters = chance.choice(list(_LETTERS), 300_000, p=weights / weights.sum())
    lengths = np.clip(chance.poisson(4, 40_000), 2, 12)
    ends = np.cumsum(lengths)
    words = sorted({"".join(letters[end - n : end]) for end, n in zip(ends, lengths, strict=True)})
    chance.shuffle(words)
    ranks = 1 / np.arange(1, len(words) + 1)
    sizes = np.clip(chance.lognormal(3, 0.4, count).astype(int), 5, 60)
    drawn = iter(chance.choice(words, sizes.sum(), p=ranks / ranks.sum()).tolist())
    marks = chance.choice([".", "؟", "!", "."], count).tolist()
    return [
        " ".join(next(drawn) for _ in range(size)) + mark
        for size, mark in zip(sizes.tolist(), marks, strict=True)
    ]
