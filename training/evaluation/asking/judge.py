"""A judge compares two systems' answers to the same questions, in both orders.

After arena-hard-auto: every question is judged twice with the answers exchanged, ties count half,
verdicts that cannot be read are counted and left out. The paper's own protocol (one order, ours
always second, no tie) can be chosen; it cannot tell a judge's liking of the second place from a
better answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.answer_log import open_log, read_log
from training.evaluation.asking.progress import Progress, unseen
from training.evaluation.reading.folding import fold
from training.evaluation.systems.model import Model
from training.models.decoding import Decoding

type Said = Literal["first", "second", "tie"]
# Which system's answer stands first: ours ("first") or the other one ("second").
type Order = Literal["first", "second"]
ORDERS: dict[str, tuple[Order, ...]] = {"both": ("first", "second"), "paper": ("second",)}

_HEAD = (
    "به عنوان یک پزشک متخصص، دو پاسخ را به یک پرسش پزشکی با هم مقایسه کن. "
    "پاسخ بهتر جامع‌تر است و اطلاعات نادرست ندارد."
)
_BODY = (
    "\n\n## پرسش\n{question}\n\n## پاسخ پزشک\n{reference}\n\n"
    "## پاسخ اول\n{one}\n\n## پاسخ دوم\n{two}\n\n"
)
PROMPTS = {
    "both": _HEAD
    + " طول پاسخ و جای آن مهم نیست."
    + _BODY
    + "تنها یکی از این سه جمله را بنویس: «پاسخ اول بهتر است»، «پاسخ دوم بهتر است»، "
    "«دو پاسخ برابرند»",
    "paper": _HEAD
    + _BODY
    + "تنها یکی از این دو جمله را بنویس: «پاسخ اول بهتر است»، «پاسخ دوم بهتر است»",
}
_SAYS: tuple[tuple[Said, re.Pattern[str]], ...] = (
    (
        "first",
        re.compile(
            r"پاسخ (?:اول|1|یک) (?:\w+ )?(?:بهتر|برتر)|\b(?:answer|response) (?:1|one) is better"
            r"|\b(?:the )?first (?:answer|response)? ?is better",
            re.IGNORECASE,
        ),
    ),
    (
        "second",
        re.compile(
            r"پاسخ (?:دوم|2|دو) (?:\w+ )?(?:بهتر|برتر)|\b(?:answer|response) (?:2|two) is better"
            r"|\b(?:the )?second (?:answer|response)? ?is better",
            re.IGNORECASE,
        ),
    ),
    (
        "tie",
        re.compile(r"برابر(?:ند| هستند| است)|مساوی|یکسان|\b(?:tie|equal(?:ly)?)\b", re.IGNORECASE),
    ),
)
# A Persian text has about this many characters a token with the tokenizers of today's judges.
_CHARACTERS_PER_TOKEN = 2.5
VERDICT_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Pair:
    """Two systems' answers to one question."""

    id: str
    question: str
    reference: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a judgement will cost: requests, tokens, and dollars at the prices given."""

    requests: int
    tokens_in: int
    tokens_out: int
    dollars: float | None

    def __str__(self) -> str:
        """What a person is told before anything is sent."""
        dollars = "give --price-in and --price-out for dollars"
        if self.dollars is not None:
            dollars = f"about {self.dollars:.2f} dollars"
        return (
            f"{self.requests} verdicts to ask for: about {self.tokens_in:,} tokens to read and "
            f"{self.tokens_out:,} to write, {dollars}"
        )


def pair_answers(first: Path, second: Path) -> list[Pair]:
    """The questions that both answer files hold, in the order of the first.

    Raises:
        GaokerenaError: they share no question, or an id means two questions.
    """
    theirs = {entry["id"]: entry for entry in read_log(second)}
    pairs = []
    for entry in read_log(first):
        other = theirs.get(entry["id"])
        if other is None:
            continue
        if other.get("question") != entry.get("question"):
            raise GaokerenaError(f"{first} and {second} ask other questions under {entry['id']}")
        pairs.append(
            Pair(
                entry["id"],
                entry["question"],
                entry.get("reference", ""),
                entry["answer"],
                other["answer"],
            )
        )
    if not pairs:
        raise GaokerenaError(f"{first} and {second} share no question: judge answers to one set")
    return pairs


def judge_prompt(pair: Pair, order: Order, protocol: str) -> str:
    """What the judge reads; `order` says whose answer stands first."""
    one, two = (pair.first, pair.second) if order == "first" else (pair.second, pair.first)
    return PROMPTS[protocol].format(
        question=pair.question, reference=pair.reference, one=one, two=two
    )


def read_verdict(text: str) -> Said | None:
    """Which place a judge prefers; None where it says nothing, or more than one thing."""
    folded = fold(text)
    said = [name for name, form in _SAYS if form.search(folded)]
    return said[0] if len(said) == 1 else None


def estimate_cost(
    pairs: Sequence[Pair],
    protocol: str,
    *,
    done: int = 0,
    price_in: float | None = None,
    price_out: float | None = None,
) -> CostEstimate:
    """What the verdicts still missing will cost, before anything is sent.

    Args:
        pairs: the questions with both answers.
        protocol: "both" or "paper".
        done: verdicts that are there already; they are taken to be of average length.
        price_in: dollars a million tokens read.
        price_out: dollars a million tokens written.
    """
    orders = ORDERS[protocol]
    total = len(pairs) * len(orders)
    characters = sum(len(judge_prompt(pair, order, protocol)) for pair in pairs for order in orders)
    left = (total - done) / total if total else 0.0
    tokens_in = round(characters / _CHARACTERS_PER_TOKEN * left)
    tokens_out = (total - done) * 16
    priced = price_in is not None and price_out is not None
    dollars = (tokens_in * (price_in or 0) + tokens_out * (price_out or 0)) / 1e6
    return CostEstimate(total - done, tokens_in, tokens_out, dollars if priced else None)


def run_judge(
    judge: Model,
    pairs: Sequence[Pair],
    path: Path,
    *,
    protocol: str,
    names: tuple[str, str],
    batch_size: int,
    progress: Progress = unseen,
) -> list[dict[str, Any]]:
    """Ask for every verdict that the file does not hold yet; all of them are kept.

    Returns:
        All verdicts: `id`, `question`, `order`, `says` (a place, "tie" or None), `text`.
    """
    settings = {"judge": judge.name, "protocol": protocol, "first": names[0], "second": names[1]}
    wanted = [(f"{pair.id}:{order}", pair, order) for pair in pairs for order in ORDERS[protocol]]
    decoding = Decoding(max_new_tokens=VERDICT_TOKENS)
    with open_log(path, settings) as log:
        waiting = [entry for entry in wanted if entry[0] not in log.done]
        progress(len(wanted) - len(waiting), len(wanted))
        for start in range(0, len(waiting), batch_size):
            batch = waiting[start : start + batch_size]
            prompts = [judge_prompt(pair, order, protocol) for _, pair, order in batch]
            log.append(
                {
                    "id": identity,
                    "question": pair.id,
                    "order": order,
                    "says": read_verdict(answer.text),
                    "text": answer.text,
                }
                for (identity, pair, order), answer in zip(
                    batch, judge.generate(prompts, decoding), strict=True
                )
            )
            progress(len(wanted) - len(waiting) + start + len(batch), len(wanted))
        asked = {identity for identity, _, _ in wanted}
        return [entry for entry in log.entries if entry["id"] in asked]
