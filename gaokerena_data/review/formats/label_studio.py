"""Label Studio: tasks and a labelling configuration, and its JSON export read back."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import Batch
from gaokerena_data.review.formats.replies import Replies, Reply, text_of, utc_time
from gaokerena_data.review.labels import CHOICE_LABELS, REASON_LABELS
from gaokerena_data.workspace import atomic_file


def write_tasks(batch: Batch, folder: Path) -> Path:
    """Write `BATCH.REVIEWER.label-studio.json` and the configuration beside it, as `.xml`.

    One project is for one reviewer: the file names whose it is.
    """
    tasks = [
        {
            "data": {
                "batch": batch.name,
                "reviewer": batch.reviewer,
                "record_id": row.id,
                "content": row.content,
                "source": row.source,
                "hint": row.hint,
                "question": row.question,
                "answer": row.answer,
            }
        }
        for row in batch.rows
    ]
    path = folder / f"{batch.name}.{batch.reviewer}.label-studio.json"
    with atomic_file(path.with_suffix(".xml")) as part:
        part.write_text(label_config(), "utf-8")
    with atomic_file(path) as part:
        part.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def label_config() -> str:
    """The labelling interface: what is shown, what is chosen, what is typed."""

    def choices(name: str, labels: dict[Any, str], more: str = "") -> str:
        lines = "\n".join(
            f"    <Choice value={quoteattr(code)} html={quoteattr(label)}/>"
            for code, label in labels.items()
        )
        head = f'  <Choices name="{name}" toName="answer" choice="single-radio"{more}>'
        return f"{head}\n{lines}\n  </Choices>"

    def area(name: str, hint: str, rows: int) -> str:
        return (
            f'  <TextArea name="{name}" toName="answer" maxSubmissions="1" rows="{rows}" '
            f'editable="true" placeholder={quoteattr(hint)}/>'
        )

    return "\n".join(
        (
            '<View style="direction: rtl">',
            '  <Header value="$hint" size="5"/>',
            '  <Text name="question" value="$question"/>',
            '  <Text name="answer" value="$answer"/>',
            choices("decision", CHOICE_LABELS, ' required="true" showInLine="true"'),
            choices(
                "reason",
                REASON_LABELS,
                ' visibleWhen="choice-selected" whenTagName="decision" whenChoiceValue="reject"',
            ),
            area("corrected_question", "پرسش اصلاح‌شده", 3),
            area("corrected_answer", "پاسخ اصلاح‌شده", 6),
            area("note", "یادداشت", 2),
            "</View>",
            "",
        )
    )


def read_tasks(path: Path, tasks: list[Any]) -> Replies:
    """Read Label Studio's "JSON" export of a project.

    Raises:
        GaokerenaError: not such an export, or of several batches or annotators.
    """
    try:
        names = {(text_of(t["data"]["batch"]), text_of(t["data"]["reviewer"])) for t in tasks}
        annotations = [_last(task) for task in tasks]
        who = {str(found.get("completed_by")) for found in annotations if found}
        rows = [_reply(n, t, a) for n, (t, a) in enumerate(zip(tasks, annotations, strict=True), 1)]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise GaokerenaError(
            f"{path}: not an export of Label Studio as JSON ({type(error).__name__}: {error}); "
            "nothing was imported"
        ) from None
    if len(names) != 1 or len(who) > 1:
        raise GaokerenaError(
            f"{path}: holds {len(names)} batches and {len(who)} annotators; "
            "export one project of one reviewer at a time"
        )
    [(batch, reviewer)] = names
    return Replies(batch, reviewer, None, rows)


def _last(task: dict[str, Any]) -> dict[str, Any]:
    kept = [a for a in task.get("annotations") or [] if not a.get("was_cancelled")]
    return max(kept, key=_time) if kept else {}


def _time(annotation: dict[str, Any]) -> str:
    found = annotation.get("updated_at") or annotation.get("created_at")
    return utc_time(text_of(found)) or ""


def _reply(number: int, task: dict[str, Any], annotation: dict[str, Any]) -> Reply:
    data = task["data"]
    said: dict[str, str] = {}
    for result in annotation.get("result") or []:
        value = result["value"]
        words = value.get("choices") or value.get("text") or []
        words = [words] if isinstance(words, str) else words
        said[text_of(result["from_name"])] = "\n".join(text_of(word) for word in words)
    return Reply(
        place=f"task {number}",
        id=text_of(data["record_id"]),
        content=text_of(data["content"]),
        question=text_of(data["question"]),
        answer=text_of(data["answer"]),
        choice=said.get("decision", ""),
        reason=said.get("reason", ""),
        new_question=said.get("corrected_question", ""),
        new_answer=said.get("corrected_answer", ""),
        note=said.get("note", ""),
        decided_at=_time(annotation) or None,
    )
