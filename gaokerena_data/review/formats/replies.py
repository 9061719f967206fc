"""What a reviewer's file says, before anything of it is believed."""

import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of

MAX_FILE_BYTES = 200 * 1024**2


@dataclass(frozen=True, slots=True)
class Reply:
    """One row of a file, its cells as they were written.

    Args:
        place: where it stands, for messages ("row 12").
        id: the record id it names.
        content: the content hash it names.
        question: the question it shows; None where the format does not send it back.
        answer: likewise.
        choice: what stands in the decision's place; "" where nothing was decided.
        reason: what stands in the reason's place.
        new_question: the corrected question, "" where there is none.
        new_answer: likewise.
        note: the reviewer's own words.
        decided_at: UTC time of this decision, None where the format keeps none.
    """

    place: str
    id: str
    content: str
    question: str | None
    answer: str | None
    choice: str
    reason: str = ""
    new_question: str = ""
    new_answer: str = ""
    note: str = ""
    decided_at: str | None = None


@dataclass(frozen=True, slots=True)
class Replies:
    """A file: which batch it answers, who, when it was saved (None: it does not say), its rows."""

    batch: str
    reviewer: str
    saved_at: str | None
    rows: list[Reply] = field(default_factory=list)


def read_json(path: Path) -> Any:
    """The JSON value of a file.

    Raises:
        GaokerenaError: too large, not UTF-8, not JSON.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise GaokerenaError(f"{path}: larger than any batch; nothing was imported")
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{path}: not JSON that can be read ({reason}); nothing was imported, "
            "ask the reviewer for the file again"
        ) from None


def check_archive(path: Path) -> None:
    """Refuse a zip archive that is damaged or was made to fill the memory.

    Raises:
        GaokerenaError: with what is wrong.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise GaokerenaError(
            f"{path}: not an xlsx file that can be read ({error}); nothing was imported, "
            "ask the reviewer for the file again"
        ) from None
    if unpacked > MAX_FILE_BYTES:
        raise GaokerenaError(f"{path}: unpacks to {unpacked:,} bytes, which no batch does")


def text_of(value: object) -> str:
    """A cell or a JSON value as text: what is no text and no number says nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("_x000D_", "")
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else ""


def utc_time(value: datetime | str | None) -> str | None:
    """A time as the log writes it, or None where it is none. A time without a zone is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    zoned = value.replace(tzinfo=UTC) if value.tzinfo is None else value
    try:
        return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (OverflowError, ValueError):
        return None


def file_time(path: Path) -> str:
    """When a file was last written, for formats that do not tell when they were saved."""
    saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return saved.strftime("%Y-%m-%dT%H:%M:%SZ")
