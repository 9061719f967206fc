"""Test items inside training texts that no shared n-gram shows: short ones, and reworded ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import LCSseq

from training.evaluation.reading.folding import words

# Greetings and words of grammar: an item is known by its other words.
_PLAIN = frozenset(
    words(
        "توانم توانیم کاری انجام دهم بدهم دهید سلام درود وقت بخیر به خیر روز شب صبح عصر "
        "خسته نباشید آقای خانم دکتر عزیز گرامی "
        "محترم ممنون متشکرم تشکر سپاس لطفا مرسی میشه می شه شود شوند شد کنم کنید کنم کند کرد "
        "راهنمایی راهنماییم بفرمایید خدمت در به با از که این آن و یا هم را تا بر برای من ما "
        "شما او چه چیست چی چرا آیا کدام یک چگونه چطور چند است هست هستم هستند نیست بود باشد "
        "باشم دارم دارد دارند داشت می تواند توان باید سوال پرسش پاسخ جواب داشتم خواستم "
        "بدونم بدانم موارد مورد زیر همه هیچ هیچکدام صحیح غلط درست نادرست گزینه ها های ای "
        "صدق کدامند کدام‌یک چنین مربوط درباره خیلی فقط لطف اگر "
    )
)
_LEAST_WORDS = 3  # of a phrase that is looked for
# Of its words, those that are neither plain nor numbers: a question needs fewer than a statement,
# for «تهوع و استفراغ» stands in many a text.
_LEAST_TELLING = 3
_LEAST_TELLING_OF_QUESTION = 2
_ASKS = frozenset(words("چیست چرا چه کدام کدامند چگونه چطور آیا"))
_REWORDED_WORDS = 6  # an item with fewer is found whole or not at all
_SAME_WORDS = 0.75  # of a reworded item, in order, in a stretch not much longer than itself
# And of its telling words: in a short item the one word that differs is what it is about.
_SAME_TELLING = {"short": 0.8, "long": 0.7}
_LONG = 12
# Every sixth word changed leaves half of all three words in a row as they were.
_SAME_TRIGRAMS = 0.3

type _Ids = tuple[int, ...]


class ItemFinder:
    """Looks for items in texts that are read past it, one by one.

    Args:
        items: their folded words.
        n: items with fewer words are looked for whole; longer ones are left to n-grams, and looked
            for with some of their words changed.

    Example:
        >>> finder = ItemFinder([["عضو", "صفراساز", "کبد"]], n=8)
        >>> finder.read(["گفتند", "عضو", "صفراساز", "کبد", "است"])
        >>> finder.inside
        {0}
    """

    def __init__(self, items: Sequence[Sequence[str]], n: int) -> None:
        self._vocabulary: dict[str, int] = {}
        self._items = [
            tuple(self._vocabulary.setdefault(word, len(self._vocabulary)) for word in item)
            for item in items
        ]
        self._telling = frozenset(
            number
            for word, number in self._vocabulary.items()
            if word not in _PLAIN and not word.isdigit()
        )
        self._phrases: dict[int, dict[int, dict[_Ids, list[int]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        self._trigrams: dict[_Ids, list[tuple[int, int]]] = defaultdict(list)
        self.plain: set[int] = set()
        self.inside: set[int] = set()
        self.reworded: set[int] = set()
        for number, (item, spelled) in enumerate(zip(self._items, items, strict=True)):
            telling = self._count_telling(item)
            asks = not _ASKS.isdisjoint(spelled)
            least = _LEAST_TELLING_OF_QUESTION if asks else _LEAST_TELLING
            if item and (len(item) < _LEAST_WORDS or telling < least):
                self.plain.add(number)
                continue
            if _LEAST_WORDS <= len(item) < n:
                self._phrases[item[0]][len(item)][item].append(number)
            if len(item) >= _REWORDED_WORDS and telling >= _LEAST_TELLING:
                for place in range(len(item) - 2):
                    trigram = item[place : place + 3]
                    if self._telling.intersection(trigram):
                        self._trigrams[trigram].append((number, place))

    def read(self, text: Sequence[str]) -> None:
        """Note which items stand in a text.

        Args:
            text: its folded words, in order.
        """
        ids = tuple(self._vocabulary.get(word, -1) for word in text)
        hits: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for start, word in enumerate(ids):
            for length, phrases in self._phrases.get(word, {}).items():
                self.inside.update(phrases.get(ids[start : start + length], ()))
            for number, place in self._trigrams.get(ids[start : start + 3], ()):
                if number not in self.reworded:
                    hits[number].append((start, place))
        for number, found in hits.items():
            item = self._items[number]
            if len({place for _, place in found}) >= _SAME_TRIGRAMS * (len(item) - 2) and (
                self._is_reworded(item, ids, found)
            ):
                self.reworded.add(number)

    def _is_reworded(self, item: _Ids, text: _Ids, hits: list[tuple[int, int]]) -> bool:
        """Whether a stretch of the text is the item but for a word in four."""
        slack = len(item) // 4 + 2
        least = _SAME_TELLING["long" if len(item) >= _LONG else "short"] * self._count_telling(item)
        begins = Counter((start - place) // slack for start, place in hits)
        for bucket, _ in begins.most_common(3):
            begin = max(bucket * slack - slack, 0)
            stretch = text[begin : begin + len(item) + 3 * slack]
            same = [
                word
                for edit in LCSseq.opcodes(item, stretch)
                if edit.tag == "equal"
                for word in item[edit.src_start : edit.src_end]
            ]
            if len(same) >= _SAME_WORDS * len(item) and self._count_telling(same) >= least:
                return True
        return False

    def _count_telling(self, item: Iterable[int]) -> int:
        return sum(word in self._telling for word in item)
