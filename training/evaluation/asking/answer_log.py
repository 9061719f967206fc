"""A file of answers that grows batch by batch, and goes on after a kill where it stopped."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gaokerena_data.endpoints.json_lines import Append, appending, read_json_lines
from gaokerena_data.errors import GaokerenaError, damage_told
from gaokerena_data.workspace import atomic_file


class AnswerLog:
    """Lines of JSON, each with an `id`; what has been appended is on disk.

    Beside `NAME.jsonl` lies `NAME.settings.json`: what the answers were made with. Other settings
    never go on in the same file. An entry that is `unanswered` is not done: its question is asked
    again, and a later entry of its id takes its place.
    """

    def __init__(self, path: Path, entries: list[dict[str, Any]], append: Append) -> None:
        self.path = path
        self.entries = entries
        self.done = {entry["id"] for entry in entries if not entry.get("unanswered")}
        self._append = append

    @property
    def tried(self) -> set[str]:
        """The ids that were asked and not answered."""
        return {entry["id"] for entry in self.entries if entry.get("unanswered")}

    def refuse_others(self, asked: Iterable[Mapping[str, Any]]) -> None:
        """Make sure that what was asked under these ids is what would be asked now.

        Args:
            asked: entries as they would begin, each with its `id`.

        Raises:
            GaokerenaError: the words of one have changed since: its answer is to another question.
        """
        now = {entry["id"]: entry for entry in asked}
        for entry in self.entries:
            new = now.get(entry["id"], {})
            for name in ("question", "options", "correct"):
                if name in new and name in entry and _plain(new[name]) != _plain(entry[name]):
                    raise GaokerenaError(
                        f"{self.path} holds an answer to {entry['id']} with another {name} than "
                        "now: the questions have changed since; write to another place"
                    )

    def append(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Append a batch and wait until it is on disk."""
        batch = [dict(entry) for entry in entries]
        self._append(batch)
        self.entries = _last_of_each([*self.entries, *batch])
        self.done.update(entry["id"] for entry in batch if not entry.get("unanswered"))


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@contextmanager
def open_log(path: Path, settings: Mapping[str, Any]) -> Iterator[AnswerLog]:
    """Open an answer file to go on with it; a line that a kill cut short is taken off.

    Raises:
        GaokerenaError: another process writes it, or it was made with other settings.
    """
    with appending(path) as append:
        fresh = path.stat().st_size == 0
        _keep_settings(path.with_suffix(".settings.json"), settings, fresh=fresh)
        yield AnswerLog(path, read_log(path), append)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The entries of an answer file, without a line that a kill cut short.

    Raises:
        GaokerenaError: the file is missing, or a line in it has no `id`.
    """
    if not path.is_file():
        raise GaokerenaError(f"no answer file {path}")
    entries = []
    for number, entry in read_json_lines(path):
        if "id" not in entry:
            raise GaokerenaError(f"{path}, line {number} is no entry with an id")
        entries.append(entry)
    return _last_of_each(entries)


def _last_of_each(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries in their order, but for those that a later one of their id takes the place of."""
    found: dict[str, dict[str, Any]] = {}
    kept: list[dict[str, Any]] = []
    for entry in entries:
        if found.get(entry["id"], {}).get("unanswered"):
            kept.remove(found[entry["id"]])
        found[entry["id"]] = entry
        kept.append(entry)
    return kept


def _keep_settings(path: Path, settings: Mapping[str, Any], *, fresh: bool) -> None:
    text = json.dumps(settings, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if fresh or not path.is_file():
        with atomic_file(path) as part:
            part.write_text(text, encoding="utf-8")
        return
    with damage_told(path, "delete it if the answers beside it were made with these settings"):
        before = dict(json.loads(path.read_text(encoding="utf-8")))
    now = json.loads(text)
    other = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    if other:
        raise GaokerenaError(
            f"{path} says other {', '.join(other)} than asked for now: go on with the same "
            "settings, or write to another file"
        )
