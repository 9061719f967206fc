"""The same questions put in other ways: options in another order, other labels, other words.

What changes leaves the question the same, so an answer that changes with it was no knowledge.
"""

import random
import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from gaokerena_data.choices.folding import fold
from gaokerena_data.choices.mentions import LETTERS, PERSIAN_LETTERS
from training.evaluation.questions.benchmarks import Item
from training.evaluation.questions.prompts import PAPER_FORM, ChoiceForm

type Change = Literal["none", "order", "labels", "prompt"]

PERSIAN_DIGITS = "۱۲۳۴۵۶۷۸۹"
_PLEASE = (
    "لطفاً به این پرسش پزشکی پاسخ دهید و گزینهٔ درست را مشخص کنید. پاسخ باید به زبان فارسی باشد."
    "\n\nپرسش: {question}\n\nگزینه‌ها:\n{choices}\n"
)
_EXAM = (
    "در یک آزمون پزشکی شرکت کرده‌اید. صورت سؤال و گزینه‌های آن در زیر آمده است؛ بهترین گزینه را "
    "برگزینید و تنها به فارسی بنویسید.\n\n{question}\n{choices}\n\nگزینهٔ شما:\n"
)
_SHORT = "{question}\n\n{choices}\n\nکدام گزینه درست است؟ جواب را به فارسی بده.\n"
PARAPHRASES = (_PLEASE, _EXAM, _SHORT)

_LABEL = "(?:[a-e]|[1-9]|الف|[بجده]|یک|دو|سه|چهار|اول|دوم|سوم|چهارم)"
# «الف و ب», «گزینه‌های ۱ و ۳ صحیح است»: an option that is made of other options' labels.
_OF_LABELS = re.compile(
    r"\W*(?:(?:هر دو|هر سه|گزینه|ها ?ی?|مورد|موارد|both|options?)\W+)*"
    rf"{_LABEL}(?:\W*(?:و|,|،|and|&)\W*{_LABEL})+"
    r"(?:\W+(?:صحیح|درست|صحیحند|درستند|است|اند|هستند|می|باشد|باشند|are|correct|true))*\W*",
    re.IGNORECASE,
)
_NAMES_LABEL = re.compile(
    rf"(?:گزینه|options?)(?:\s?ها)?(?:\s?ی)?\s*[\[(«]?{_LABEL}(?!\w)", re.IGNORECASE
)
# «همه موارد», «هیچ‌کدام»: true wherever it stands, but spoken of what stands above it.
_OF_ALL = re.compile(
    r"(?:همه|تمام|تمامی|کلیه|هیچ ?کدام|هیچ ?یک|هر (?:دو|سه|چهار))(?: ?ی)?(?: از)?"
    r"(?: (?:موارد|مورد|گزینه|این))|^\W*(?:هیچ ?کدام|هیچ ?یک|همه|هر (?:دو|سه|چهار))\W*$"
    r"|^\W*هر (?:سه|چهار) \w+\W*$"
    r"|(?:موارد|گزینه ?ها ?ی?) (?:بالا|فوق)|\b(?:all|none|both|any) of (?:the|these)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to put every question.

    Args:
        name: of its folder and its row.
        change: what is other than in the paper.
        form: prompt and labels.
        order: which of the seeded orders; None for the benchmark's own.
        seed: of the order.
    """

    name: str
    change: Change
    form: ChoiceForm = field(default=PAPER_FORM)
    order: int | None = None
    seed: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        """What answers depend on, to be kept beside them."""
        found = {"variant": self.name, "prompt": self.form.template}
        found["labels"] = " ".join(self.form.labels)
        return found if self.order is None else found | {"order": self.order, "seed": self.seed}

    def put(self, item: Item) -> Item:
        """The item with its options in this variant's order; the right letter goes with them."""
        if self.order is None:
            return item
        places = order_of(item, f"{self.seed}\x1f{self.order}")
        correct = places.index(LETTERS.index(item.correct))
        options = tuple(item.options[place] for place in places)
        return replace(item, options=options, correct=LETTERS[correct])


def variants(*, orders: int = 3, seed: int = 0) -> list[Variant]:
    """The paper's way, so many seeded orders, two other kinds of labels, three paraphrases."""
    found = [Variant("paper", "none")]
    found += [Variant(f"order_{n}", "order", order=n, seed=seed) for n in range(1, orders + 1)]
    found += [
        Variant("digits", "labels", ChoiceForm(labels=PERSIAN_DIGITS)),
        Variant("persian_letters", "labels", ChoiceForm(labels=PERSIAN_LETTERS)),
    ]
    found += [
        Variant(f"prompt_{n}", "prompt", ChoiceForm(template=template))
        for n, template in enumerate(PARAPHRASES, start=1)
    ]
    return found


def order_of(item: Item, seed: str) -> list[int]:
    """The old places of an item's options in their new order: every order is as likely.

    Options that speak of all others («همه موارد») stay where they are.
    """
    moved = [place for place, option in enumerate(item.options) if not speaks_of_all(option)]
    shuffled = list(moved)
    digest = sha256(f"{seed}\x1f{item.subject}\x1f{item.id}".encode("utf-8", "surrogatepass"))
    random.Random(digest.digest()).shuffle(shuffled)  # noqa: S311 - an order, no secret
    places = list(range(len(item.options)))
    for place, old in zip(moved, shuffled, strict=True):
        places[place] = old
    return places


def can_vary(item: Item) -> bool:
    """Whether the item is the same under other orders and labels: no option names another's label.

    Nor has it more options than there are digits.
    """
    return len(item.options) <= len(PERSIAN_DIGITS) and not any(map(names_others, item.options))


def names_others(option: str) -> bool:
    """Whether an option names others by their labels.

    Example:
        >>> names_others("گزینه‌های الف و ج"), names_others("هپاتیت ب")
        (True, False)
    """
    folded = fold(option)
    return bool(_OF_LABELS.fullmatch(folded) or _NAMES_LABEL.search(folded))


def speaks_of_all(option: str) -> bool:
    """Whether an option speaks of all others, such as «هیچ‌کدام» or "all of the above"."""
    return bool(_OF_ALL.search(fold(option)))
