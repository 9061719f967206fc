"""Test items inside training texts that no shared n-gram shows: short ones, and reworded ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import LCSseq

from training.evaluation.scoring.item_words import (
    OF_COURTESY,
    are_opposites,
    is_generic,
    is_variant,
    item_words,
)

# Greetings and words of grammar: an item is known by its other words.
_PLAIN = OF_COURTESY | frozenset(
    item_words(
        "توانم توانیم کاری انجام دهم بدهم دهید سلام درود وقت بخیر به خیر روز شب صبح عصر "
        "خسته نباشید آقای خانم دکتر عزیز گرامی "
        "محترم ممنون متشکرم تشکر سپاس لطفا مرسی میشه می شه شود شوند شد کنم کنید کنم کند کرد "
        "راهنمایی راهنماییم بفرمایید خدمت در به با از که این آن و یا هم را تا بر برای من ما "
        "شما او چه چیست چی چرا آیا کدام یک چگونه چطور چند است هست هستم هستند نیست بود باشد "
        "باشم دارم دارد دارند داشت می تواند توان باید سوال پرسش پاسخ جواب داشتم خواستم "
        "بدونم بدانم موارد مورد زیر همه هیچ هیچکدام صحیح غلط درست نادرست گزینه ها های ای "
        "صدق کدامند کدام‌یک چنین مربوط درباره خیلی فقط لطف اگر کجاست کجا است "
        "می‌شود می‌گردد می‌کند می‌کنند می‌شوند می‌باشد می‌کنم می‌گیرد می‌گیرند می‌دهد می‌دهند "
        "نمی‌شود نمی‌کند می‌توانند می‌خواهم می‌توان "
        "the of is are was were be an a what which in to and for with on at from by or as it its "
        "this that these those who how when where why do does did has have had can could should "
        "would may might will i you he she we they my your his her not no following all none "
        "above below correct true false most"
    )
)
_LEAST_WORDS = 3  # of a phrase that is looked for
# Of its words, those that are neither plain nor numbers: a question needs fewer than a statement,
# for «تهوع و استفراغ» stands in many a text.
_LEAST_TELLING = 3
_LEAST_TELLING_OF_QUESTION = 2
_ASKS = frozenset(item_words("چیست چرا چه کدام کدامند چگونه چطور آیا کجاست what which why how"))
_REWORDED_WORDS = 6  # an item with fewer is found whole or not at all
_SAME_WORDS = 0.75  # of a reworded item, in order, in a stretch not much longer than itself
# Where all that an item is about is there, its words may come in another order.
_SAME_WORDS_OF_ALL_TELLING = 0.5
# Of a long item a share of the telling words is enough. In a shorter one the word that differs is
# what it is about («صرع», «آسم»): all must be there, but those that are said of anything.
_LONG = 18
_SAME_TELLING = 0.7
_LEFT_OUT_WORDS = 9  # from which a single word may be left out
_SHORT = 12  # below it numbers tell too: «دیابت نوع ۱»
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
        self._spelled = [tuple(item) for item in items]
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
            if asks and telling:  # «تریزومی ۲۱ چیست؟»
                telling += sum(word.isdigit() for word in spelled)
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
                self._is_reworded(number, ids, text, found)
            ):
                self.reworded.add(number)

    def _is_reworded(
        self, number: int, ids: _Ids, text: Sequence[str], hits: list[tuple[int, int]]
    ) -> bool:
        """Whether a stretch of the text is the item but for words that change nothing."""
        item = self._items[number]
        slack = len(item) // 4 + 2
        begins = Counter((start - place) // slack for start, place in hits)
        for bucket, _ in begins.most_common(3):
            begin = max(bucket * slack - slack, 0)
            end = begin + len(item) + 3 * slack
            edits = LCSseq.opcodes(item, ids[begin:end])
            same = [edit for edit in edits if edit.tag == "equal"]
            if not same:
                continue
            # With what stands in the place of the item's own first and last words.
            first = max(begin + same[0].dest_start - same[0].src_start, 0)
            last = begin + same[-1].dest_end + len(item) - same[-1].src_end
            share = sum(edit.src_end - edit.src_start for edit in same) / len(item)
            # What comes in another order stands before or after what is in order.
            around = text[max(first - slack, begin) : last + slack]
            told = self._says_the_same(number, text[first:last], around)
            if (
                told
                and share >= _SAME_WORDS_OF_ALL_TELLING
                and (share >= _SAME_WORDS or told == "all")
            ):
                return True
        return False

    def _says_the_same(
        self, number: int, stretch: Sequence[str], around: Sequence[str]
    ) -> str | None:
        """Whether what an item is about is in a stretch: "all" of it, "enough", or not."""
        spelled = self._spelled[number]
        short = len(spelled) < _SHORT
        telling = [w for w in spelled if w not in _PLAIN and (short or not w.isdigit())]
        there = set(around)
        lost = {
            word
            for word in telling
            if word not in there and not any(is_variant(word, other) for other in around)
        }
        own = set(spelled)
        added = {
            word
            for word in stretch
            if word not in own
            and word not in _PLAIN
            and not word.isdigit()
            and not any(is_variant(word, other) for other in spelled)
        }
        if any(are_opposites(one, other) for one in lost for other in added):
            return None
        decisive = {word for word in lost if not is_generic(word)}
        if not decisive:
            return "all"
        if len(spelled) >= _LONG:
            kept = sum(word not in lost for word in telling)
            return "enough" if kept >= _SAME_TELLING * len(telling) else None
        # One word that was left out, or gave way to one of those.
        if len(decisive) > 1 or len(spelled) < _LEFT_OUT_WORDS or (short and added):
            return None
        return "enough" if all(map(is_generic, added)) else None

    def _count_telling(self, item: Iterable[int]) -> int:
        return sum(word in self._telling for word in item)
