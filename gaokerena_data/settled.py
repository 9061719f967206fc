"""Settled decisions: the file in which a review tells a curation what becomes of judged rows.

`reviews/DATASET.settled.json` is written by `review` from its log of decisions, and read by the
rule `review@1`. It is made anew from the log at any time, and holds a digest of the log that it
was made of: a curation never goes on with older decisions than there are.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.workspace import Workspace, atomic_file, sha256_file

type Reason = Literal[
    "wrong_or_harmful",
    "personal_data",
    "outdated",
    "not_an_answer",
    "not_medical",
    "advertising",
    "machine_written",
    "duplicate",
    "unreadable",
    "other",
]

# The gravest first: of two equally frequent reasons, the ledger names the graver one.
REASONS: tuple[Reason, ...] = get_args(Reason.__value__)
# What a row is dropped for that one reviewer rejects and others do not.
DISPUTED = "disputed"

_FOLDED = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ـ": None, "٫": "."})
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of one content of one row.

    Args:
        record_id: of the row.
        content: `content_hash` of the question and answer that were judged.
        reason: why it leaves; None where it stays.
        question: the corrected question, None where it stays.
        answer: the corrected answer, None where it stays.
        said: who decided what and when, for the ledger.
        notes: what they wrote beside it, for the ledger.
        is_private: whether any of them rejected it for personal data, whatever was settled.
    """

    record_id: str
    content: str
    reason: str | None
    question: str | None
    answer: str | None
    said: str
    notes: str
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class SettledReview:
    """All that a curation needs of a review.

    Args:
        rule: how conflicts were settled.
        senior: whose word counts by the rule "senior".
        rulings: one for each content of each row that anybody judged.
        card: Markdown for the dataset card, or None where nobody has decided anything.
    """

    rule: str
    senior: Sequence[str]
    rulings: Sequence[Ruling]
    card: str | None


def write_settled(workspace: Workspace, dataset: str, settled: SettledReview) -> None:
    """Write what was settled, with the digest of the log that it was made of."""
    log = workspace.review_log(dataset)
    content = {"log": sha256_file(log), **asdict(settled)}
    with atomic_file(workspace.settled_file(dataset)) as part:
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_settled(workspace: Workspace, dataset: str, rule: str, senior: list[str]) -> SettledReview:
    """What was settled on a dataset's rows; nothing where nobody has decided anything.

    Args:
        workspace: where to look.
        dataset: its name.
        rule: by which conflicts must have been settled.
        senior: whose word must have counted by the rule "senior".

    Raises:
        GaokerenaError: it is damaged, or older than the last decision or another rule.
    """
    log, file = workspace.review_log(dataset), workspace.settled_file(dataset)
    if not log.is_file():
        return SettledReview(rule, senior, [], None)
    found = _read(file) if file.is_file() else {}
    made_of = found.get("log"), found.get("rule"), found.get("senior")
    if made_of != (sha256_file(log), rule, senior):
        raise GaokerenaError(
            f"{file}: older than the decisions or the rule of {dataset}; settle them with "
            "gaokerena_data.review.settle_log.settle_log, as `gaokerena curate` does"
        )
    try:
        rulings = [Ruling(**each) for each in found["rulings"]]
        return SettledReview(rule, senior, rulings, found["card"])
    except (TypeError, KeyError) as error:
        raise _damaged(file, error) from None


def content_hash(question: str, answer: str) -> str:
    """Digest of what a reader of a pair understands: 32 hex digits.

    Spaces, ZWNJ, digit script and Arabic letter forms do not count, so a new version of the
    normalizer makes no decision stale; letters, digits and their punctuation do (2.5 is not 25).
    """
    digest = hashlib.sha256()
    for text in (question, answer):
        data = fold(text).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:32]


def fold(text: str) -> str:
    """A text without what may differ between two writings of the same words; see `content_hash`."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold()
    folded = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in folded
        if unicodedata.category(letter) != "Cf"  # ZWNJ, marks of direction
    )
    return _SPACE.sub("", _BETWEEN_DIGITS.sub("\0", folded))


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: BaseException) -> GaokerenaError:
    return GaokerenaError(
        f"{file}: damaged ({reason_of(error)}); delete it, it is made again from the decisions"
    )
