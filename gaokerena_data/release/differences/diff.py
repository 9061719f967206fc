"""What changed between two versions, row by row, by ids that never change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.datasets.configs import REMOVED
from gaokerena_data.errors import GaokerenaError, read_table
from gaokerena_data.release.folder import ReleaseFolder, source_column
from gaokerena_data.release.versions import Level
from gaokerena_data.takedowns.matching import TakedownMatcher

NOT_AMONG_RECORDS = "not among the records any more"
# Of rows that left `removed`: no rule leaves it out any more, or its text is withheld by now.
KEPT, NOT_SHOWN = "kept now", "not shown any more"
TAKEDOWN_STEP = "takedown@"
PERSONAL_DATA_STEP = "personal_data@"
REPEATED_STEP = "repeated_record@"
REVIEW_STEP = "review@"


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that only the new version holds."""

    id: str
    source: str
    split: str


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row that only the old version holds, and what the ledger says of it.

    Args:
        id: its id.
        source: its site.
        split: where it stood.
        step: the step that left it out; empty where the ledger does not know it.
        reason: the step's reason.
        keeper: id of the row that stands in its place.
    """

    id: str
    source: str
    split: str
    step: str
    reason: str
    keeper: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether it was taken down or identified a patient: its text is not shown again."""
        is_reviewed = self.step.startswith(REVIEW_STEP) and self.reason == "personal_data"
        is_withheld = is_reviewed or self.reason == NOT_SHOWN
        return is_withheld or self.step.startswith((TAKEDOWN_STEP, PERSONAL_DATA_STEP))


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that both hold, with other values or in another split.

    Args:
        id: its id.
        source: its site, in the new version.
        split: where it stands now.
        old_split: where it stood.
        columns: whose values differ.
    """

    id: str
    source: str
    split: str
    old_split: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfigDiff:
    """The rows of one config that are not the same; each list in id order."""

    added: list[AddedRow]
    removed: list[RemovedRow]
    changed: list[ChangedRow]


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that changed.

    Args:
        old: the older release.
        new: the newer one.
        schema: sentences on columns, configs and splits; empty where they are the same.
        configs: by name, those that both have.
        takedowns: whose words may not be shown, whichever version holds them.
    """

    old: ReleaseFolder
    new: ReleaseFolder
    schema: list[str]
    configs: dict[str, ConfigDiff]
    takedowns: TakedownMatcher | None = None

    @property
    def level(self) -> Level:
        """The step that the version number must take."""
        if self.schema:
            return "major"
        for rows in self.configs.values():
            if rows.added or rows.removed or any(r.split != r.old_split for r in rows.changed):
                return "minor"
        return "patch"

    @property
    def is_empty(self) -> bool:
        """Whether both hold the same rows in the same splits."""
        return not self.schema and not any(
            rows.added or rows.removed or rows.changed for rows in self.configs.values()
        )


def compare(
    old: ReleaseFolder,
    new: ReleaseFolder,
    ledger: Path | None,
    takedowns: TakedownMatcher | None = None,
) -> Diff:
    """Compare two releases of a dataset.

    One column is in memory at a time, so that a corpus of gigabytes can be compared.

    Args:
        old: the older one.
        new: the newer one.
        ledger: the new version's ledger, where the reasons of removed rows stand.
        takedowns: what was asked to be left out by now; its words are not shown.

    Raises:
        GaokerenaError: a config without ids, or with one twice.
    """
    reasons = _read_reasons(ledger)
    shared = [config for config in old.files if config in new.files]
    return Diff(
        old,
        new,
        _compare_schemas(old, new),
        {config: _compare_rows(old, new, config, reasons) for config in shared},
        takedowns,
    )


def _compare_schemas(old: ReleaseFolder, new: ReleaseFolder) -> list[str]:
    found = []
    for config in dict.fromkeys([*old.files, *new.files]):
        if config not in new.files or config not in old.files:
            what = "new" if config in new.files else "gone"
            found.append(f"config {config} is {what}")
            continue
        for split in dict.fromkeys([*old.files[config], *new.files[config]]):
            if split not in new.files[config] or split not in old.files[config]:
                what = "new" if split in new.files[config] else "gone"
                found.append(f"config {config}: split {split} is {what}")
        before, after = old.schema(config), new.schema(config)
        for name in dict.fromkeys([*before.names, *after.names]):
            if name not in after.names:
                found.append(f"config {config}: column {name} is gone")
            elif name not in before.names:
                found.append(f"config {config}: column {name} is new ({after.field(name).type})")
            elif before.field(name).type != after.field(name).type:
                types = f"{before.field(name).type} became {after.field(name).type}"
                found.append(f"config {config}: column {name}: {types}")
    return found


def _compare_rows(
    old: ReleaseFolder, new: ReleaseFolder, config: str, reasons: Mapping[str, RemovedRow]
) -> ConfigDiff:
    before, after = _index(old, config), _index(new, config)
    was, now = set(before), set(after)
    kept = sorted(was & now)
    old_places = pa.array([before[each][0] for each in kept], pa.int64())
    new_places = pa.array([after[each][0] for each in kept], pa.int64())
    columns: dict[str, list[str]] = {}
    for name in new.schema(config).names:
        if name == "id" or name not in old.schema(config).names:
            continue
        one = old.column(config, name).take(old_places)
        other = new.column(config, name).take(new_places)
        for place in _differing(one, other):
            columns.setdefault(kept[place], []).append(name)
    moved = [each for each in kept if before[each][2] != after[each][2]]
    why = dict(reasons) | (_left_removed(old, new, was - now, reasons) if config == REMOVED else {})
    return ConfigDiff(
        [AddedRow(each, *after[each][1:]) for each in sorted(now - was)],
        [_removed(each, *before[each][1:], why.get(each)) for each in sorted(was - now)],
        [
            ChangedRow(each, *after[each][1:], before[each][2], tuple(columns.get(each, ())))
            for each in sorted({*columns, *moved})
        ],
    )


def _removed(each: str, source: str, split: str, known: RemovedRow | None) -> RemovedRow:
    if known is None:
        return RemovedRow(each, source, split, "", NOT_AMONG_RECORDS)
    return RemovedRow(each, source, split, known.step, known.reason, known.keeper)


def _left_removed(
    old: ReleaseFolder, new: ReleaseFolder, gone: set[str], reasons: Mapping[str, RemovedRow]
) -> dict[str, RemovedRow]:
    """Why rows left the config of what was left out, where the ledger's reason is not why."""
    kept = set(new.column("default", "id").to_pylist())
    ids, rules = (old.column(REMOVED, name).to_pylist() for name in ("id", "rule"))
    found = {}
    for each, rule in zip(ids, rules, strict=True):
        known = reasons.get(each)
        if each in gone and each in kept:
            found[each] = RemovedRow(each, "", "", "", KEPT)
        elif each in gone and known is not None and known.step == rule:
            found[each] = RemovedRow(each, "", "", "", NOT_SHOWN)
    return found


def _index(release: ReleaseFolder, config: str) -> dict[str, tuple[int, str, str]]:
    """Id -> place, source and split of a row."""
    names = release.schema(config).names
    if "id" not in names:
        raise GaokerenaError(
            f"{release.path}: config {config} has no column `id`, so its rows cannot be compared; "
            "import it and release it first"
        )
    ids = release.column(config, "id").to_pylist()
    source = source_column(names)
    sources = release.column(config, source).to_pylist() if source else [""] * len(ids)
    splits = release.splits(config).to_pylist()
    index = {
        each: (place, found or "", split)
        for place, (each, found, split) in enumerate(zip(ids, sources, splits, strict=True))
    }
    if len(index) < len(ids):
        twice = next(each for each, times in Counter(ids).items() if times > 1)
        raise GaokerenaError(f"{release.path}: config {config}: id {twice} stands there twice")
    return index


def _differing(one: pa.ChunkedArray, other: pa.ChunkedArray) -> list[int]:
    if one.type != other.type or pa.types.is_nested(one.type):
        pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
        return [place for place, (left, right) in enumerate(pairs) if left != right]
    unequal = pc.fill_null(pc.not_equal(one, other), False)
    differ = pc.or_(unequal, pc.xor(pc.is_null(one), pc.is_null(other)))
    places: list[int] = np.flatnonzero(differ.to_numpy()).tolist()
    return places


def _read_reasons(ledger: Path | None) -> dict[str, RemovedRow]:
    if ledger is None or not ledger.exists():
        return {}
    columns = ["id", "source", "decision", "step", "reason", "keeper"]
    remedy = "restore it, or delete it: reasons of removed rows come from it"
    table = read_table(ledger, remedy, columns=columns)
    table = table.filter(pc.equal(table["decision"], "dropped"))
    found: dict[str, RemovedRow] = {}
    for row in table.to_pylist():
        # A record that was read twice has a row of that too: what else happened matters more.
        if row["id"] not in found or found[row["id"]].step.startswith(REPEATED_STEP):
            found[row["id"]] = RemovedRow(
                row["id"], row["source"], "", row["step"], row["reason"], row["keeper"]
            )
    return found
