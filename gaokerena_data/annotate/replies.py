"""Every reply of a teacher, kept in `annotations/DATASET/replies.jsonl`, and what they come to."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from gaokerena_data.annotate.judgement import Judgement, line_of
from gaokerena_data.endpoints.json_lines import read_json_lines, write_json_lines
from gaokerena_data.endpoints.reply import UNANSWERED, Reply
from gaokerena_data.endpoints.structured import read_json
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace

# What becomes of a row: its label, or why it has none.
type Outcome = Literal["labelled", "refused", "unreadable", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("labelled", "refused", "unreadable", "failed")


@dataclass(frozen=True, slots=True)
class KeptReply:
    """One line of the file.

    Args:
        key: digest of what was asked, and of whom; see `key_of`.
        id: the record that it was asked about.
        model: the teacher.
        text: what it said; None where it said nothing.
        missing: why not, in the words of `endpoints.reply`.
        detail: the endpoint's words on that, or what is wrong with the text.
        cut_off: whether the text ends where the limit of tokens was reached.
        tokens_in, tokens_out: as the endpoint counts them.
    """

    key: str
    id: str
    model: str
    text: str | None
    missing: str | None
    detail: str
    cut_off: bool
    tokens_in: int
    tokens_out: int

    @property
    def judgement(self) -> Judgement | None:
        """What it says; None where it says nothing that can be read."""
        if self.text is None:
            return None
        found = read_json(self.text, Judgement)
        return found if isinstance(found, Judgement) else None


def key_of(prompt: str, model: str) -> str:
    """The digest of a question to a teacher: 32 hex digits of its words and the model's name."""
    asked = json.dumps([model, prompt], ensure_ascii=False)
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def replies_path(workspace: Workspace, dataset: str) -> Path:
    """Where the replies are kept."""
    return workspace.annotations(dataset) / "replies.jsonl"


def labels_path(workspace: Workspace, dataset: str) -> Path:
    """Where the labels are."""
    return workspace.annotations(dataset) / "labels.jsonl"


def keep(reply: Reply, key: str, record_id: str, model: str) -> KeptReply:
    """A reply as it is kept."""
    detail = reply.detail
    if reply.text is not None:
        found = read_json(reply.text, Judgement)
        detail = found if isinstance(found, str) else ""
    return KeptReply(
        key,
        record_id,
        model,
        reply.text,
        reply.missing,
        detail,
        reply.cut_off,
        reply.tokens_in,
        reply.tokens_out,
    )


def read_replies(path: Path) -> list[KeptReply]:
    """The replies of a file, in the order they came; none where there is no file.

    Raises:
        GaokerenaError: a line is none, by its number.
    """
    if not path.is_file():
        return []
    replies = []
    for number, values in read_json_lines(path):
        try:
            reply = KeptReply(**values)
        except TypeError:
            reply = None
        if reply is None or not isinstance(reply.text, str | None):
            raise GaokerenaError(
                f"{path}, line {number} is no reply of a teacher: move the file away, and ask again"
            )
        replies.append(reply)
    return replies


def reply_to_json(reply: KeptReply) -> dict[str, Any]:
    """A reply as a line of the file."""
    return asdict(reply)


def outcome_of(replies: Iterable[KeptReply], attempts: int) -> Outcome | None:
    """What the replies to one question come to; None where it is to be asked (again).

    Args:
        replies: in the order they came.
        attempts: how often a teacher is asked that says nothing readable.
    """
    unreadable = 0
    for reply in replies:
        if reply.judgement is not None:
            return "labelled"
        if reply.missing in {"refused", "filtered"}:
            return "refused"
        unreadable += reply.missing not in UNANSWERED
    return "unreadable" if unreadable >= attempts else None


def write_labels(workspace: Workspace, dataset: str, keys: Mapping[str, str]) -> int:
    """Write `labels.jsonl` anew from the replies; the same replies give the same bytes.

    Labels of other readers that stand in the file stay.

    Args:
        workspace: where.
        dataset: its name.
        keys: digest of a question -> the record, for every row as it is now asked about: of two
            labels by one teacher on one record, that on its present words counts.

    Returns:
        How many labels there are of teachers.
    """
    path = labels_path(workspace, dataset)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    current: set[tuple[str, str]] = set()
    replies = read_replies(replies_path(workspace, dataset))
    for reply in replies:
        judgement, place = reply.judgement, (reply.id, reply.model)
        if judgement is None or (place in current and reply.key not in keys):
            continue
        if reply.key in keys:
            current.add(place)
        found[place] = line_of(judgement, reply.id, reply.model)
    teachers = {reply.model for reply in replies}
    if path.is_file():
        for _, line in read_json_lines(path):
            if line.get("labelled_by") not in teachers:
                found[str(line.get("id")), str(line.get("labelled_by"))] = line
    write_json_lines(path, [found[place] for place in sorted(found)])
    return sum(model in teachers for _, model in found)
