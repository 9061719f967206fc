"""Argilla: a dataset on disk as `rg.Dataset.from_disk` reads it, and its records read back."""

import json
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.review.batch import Batch
from gaokerena_data.review.formats.replies import Replies, Reply, read_json, text_of
from gaokerena_data.review.labels import CHOICE_LABELS, REASON_LABELS, instructions
from gaokerena_data.workspace import atomic_folder

RECORDS = "records.json"
_SUBMITTED = ("completed", None)  # of a record: while it is "pending", its responses are drafts


def write_records(batch: Batch, folder: Path) -> Path:
    """Write the folder `BATCH.REVIEWER.argilla`: records, settings, the dataset's name."""
    name = f"{batch.name}.{batch.reviewer}"
    records = [
        {
            "id": row.id,
            "fields": {"question": row.question, "answer": row.answer},
            "metadata": {
                "batch": batch.name,
                "reviewer": batch.reviewer,
                "content": row.content,
                "source": row.source,
                "hint": row.hint,
            },
            "suggestions": {},
            "responses": {},
            "vectors": {},
            "status": "pending",
        }
        for row in batch.rows
    ]
    path = folder / f"{name}.argilla"
    with atomic_folder(path) as part:
        _dump(part / RECORDS, records)
        _dump(part / ".argilla" / "settings.json", _settings())
        _dump(
            part / ".argilla" / "dataset.json",
            {"name": name, "guidelines": "\n".join(instructions()), "allow_extra_metadata": True},
        )
    return path


def read_records(path: Path) -> Replies:
    """Read the records of a dataset that `Dataset.to_disk` or `records.to_json` wrote.

    Argilla keeps no time of a response in them: the file's own time is taken.

    Args:
        path: the folder, or its records.json.

    Raises:
        GaokerenaError: no such file, or of several batches or users.
    """
    file = path / RECORDS if path.is_dir() else path
    if not file.is_file():
        raise GaokerenaError(f"{file}: not there; give the folder that Argilla's to_disk wrote")
    records = read_json(file)
    try:
        names = {
            (text_of(r["metadata"]["batch"]), text_of(r["metadata"]["reviewer"])) for r in records
        }
        users = {
            text_of(response.get("user_id"))
            for record in records
            for responses in (record.get("responses") or {}).values()
            for response in responses
        }
        rows = [_reply(number, record) for number, record in enumerate(records, start=1)]
    except (KeyError, TypeError, AttributeError) as error:
        raise GaokerenaError(
            f"{file}: not records of Argilla ({type(error).__name__}: {error}); "
            "nothing was imported"
        ) from None
    if len(names) != 1 or len(users) > 1:
        raise GaokerenaError(
            f"{file}: holds {len(names)} batches and {len(users)} users; "
            "export one dataset of one reviewer at a time"
        )
    [(batch, reviewer)] = names
    return Replies(batch, reviewer, None, rows)


def _reply(number: int, record: dict[str, Any]) -> Reply:
    submitted = record.get("status") in _SUBMITTED
    responses = (record.get("responses") if submitted else None) or {}
    said = {name: text_of(answers[-1]["value"]) for name, answers in responses.items() if answers}
    return Reply(
        place=f"record {number}",
        id=text_of(record["id"]),
        content=text_of(record["metadata"]["content"]),
        question=text_of(record["fields"]["question"]),
        answer=text_of(record["fields"]["answer"]),
        choice=said.get("decision", ""),
        reason=said.get("reason", ""),
        new_question=said.get("corrected_question", ""),
        new_answer=said.get("corrected_answer", ""),
        note=said.get("note", ""),
    )


def _settings() -> dict[str, Any]:
    def text_field(name: str, title: str) -> dict[str, Any]:
        settings = {"type": "text", "use_markdown": False}
        return {"name": name, "title": title, "required": True, "settings": settings}

    def labels(name: str, title: str, options: dict[Any, str], *, required: bool) -> dict[str, Any]:
        settings = {
            "type": "label_selection",
            "options": [{"value": code, "text": label} for code, label in options.items()],
            "visible_options": None,
        }
        return {"name": name, "title": title, "required": required, "settings": settings}

    def text(name: str, title: str) -> dict[str, Any]:
        settings = {"type": "text", "use_markdown": False}
        return {"name": name, "title": title, "required": False, "settings": settings}

    def terms(name: str, title: str) -> dict[str, Any]:
        settings = {"type": "terms", "values": None}
        return {"name": name, "title": title, "settings": settings, "visible_for_annotators": True}

    return {
        "guidelines": "\n".join(instructions()),
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": 1},
        "fields": [text_field("question", "پرسش"), text_field("answer", "پاسخ")],
        "questions": [
            labels("decision", "تصمیم", CHOICE_LABELS, required=True),
            labels("reason", "علت رد", REASON_LABELS, required=False),
            text("corrected_question", "پرسش اصلاح‌شده"),
            text("corrected_answer", "پاسخ اصلاح‌شده"),
            text("note", "یادداشت"),
        ],
        "metadata": [terms("source", "منبع"), terms("hint", "چرا پرسیده می‌شود")],
        "vectors": [],
    }


def _dump(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
