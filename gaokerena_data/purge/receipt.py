"""What a purge is to do, what it has done, and the receipt that answers a request.

While a purge is under way `purges/unfinished.json` says by which hashes it knows the words, and
`purges/unfinished.jsonl` which files it has changed: run again after a kill, it goes on. At the end
both become `purges/DATE.json`, the receipt. None of them holds a word of what was taken down.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.purge.sought import Sought
from gaokerena_data.purge.walking import PURGES
from gaokerena_data.workspace import Workspace, atomic_file, flush


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done to one file.

    Args:
        path: of the file or release, in the workspace.
        how: see `walking.Found`.
        pieces: rows, lines, entries or records.
        before: SHA-256 of its bytes before (of a release: of its manifest).
        after: and after; None where it went.
        at: when, in UTC.
    """

    path: str
    how: str
    pieces: int
    before: str
    after: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge looks for, and which files its rows were imported from."""

    sought: Sought
    imports: tuple[str, ...] = ()


class Journal:
    """The files of a purge that is under way."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.root / PURGES
        self._plan = self.folder / "unfinished.json"
        self._lines = self.folder / "unfinished.jsonl"

    @property
    def is_under_way(self) -> bool:
        """Whether a purge began that has not ended."""
        return self._plan.is_file()

    def plan(self) -> Plan:
        """What the purge under way looks for.

        Raises:
            GaokerenaError: its file is damaged.
        """
        try:
            found = json.loads(self._plan.read_text("utf-8"))
            return Plan(Sought.from_json(json.dumps(found["sought"])), tuple(found["imports"]))
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise GaokerenaError(
                f"{self._plan}: damaged ({error}); delete it, and run `gaokerena purge` again"
            ) from None

    def begin(self, plan: Plan) -> None:
        """Note what is looked for, before anything is changed."""
        content = {"sought": json.loads(plan.sought.to_json()), "imports": plan.imports}
        with atomic_file(self._plan) as part:
            part.touch(0o600)
            part.write_text(json.dumps(content), "utf-8")

    def note(self, erasure: Erasure) -> None:
        """Note what is about to be done."""
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(erasure), ensure_ascii=False) + "\n")
        flush(self._lines)

    def erasures(self) -> list[Erasure]:
        """What was done, by path; a file that was changed twice has the hash before the first."""
        found: dict[str, Erasure] = {}
        lines = self._lines.read_text("utf-8").split("\n") if self._lines.is_file() else []
        for line in lines:
            try:
                each = Erasure(**json.loads(line))
            except (ValueError, TypeError):
                continue  # a kill cut it short: what it tells was not done, or is done again
            first = found.get(each.path, each)
            pieces = each.pieces if each.before == first.before else first.pieces + each.pieces
            found[each.path] = Erasure(
                each.path, each.how, pieces, first.before, each.after, each.at
            )
        return [found[path] for path in sorted(found)]

    def keep(self, receipt: dict[str, Any]) -> Path:
        """Write a receipt under the time, which no other one has."""
        while True:
            file = self.folder / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ.json")
            if not file.exists():
                break
        with atomic_file(file) as part:
            part.write_text(json.dumps(receipt, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return file

    def end(self, receipt: dict[str, Any]) -> Path:
        """Write the receipt; nothing is under way any more."""
        file = self.keep(receipt)
        self._lines.unlink(missing_ok=True)
        self._plan.unlink(missing_ok=True)
        return file


def make_receipt(
    plan: Plan, requests: Sequence[tuple[str, str]], erasures: Sequence[Erasure],
    left: Sequence[str], unreachable: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """What a purge did, to answer a request with; no word of what was erased is in it.

    Args:
        plan: what was looked for.
        requests: kind and target of each request; a url that says the words is left out.
        erasures: what was done.
        left: files that still hold something, or cannot be read.
        unreachable: places that no purge of a workspace reaches.
    """
    return {
        "format": 1,
        "purged_at": now_in_utc(),
        "requests": [
            {"kind": kind, "target": target}
            for kind, target in requests
            if not plan.sought.in_text(target)
        ],
        "ids": sorted(plan.sought.ids),
        "files": [asdict(each) for each in erasures],
        "left": list(left),
        "unreachable": list(unreachable),
    }


def now_in_utc() -> str:
    """The time, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
