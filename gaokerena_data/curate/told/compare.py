"""What other thresholds would change: a curation that was made, against one that is only decided.

Two ledgers are enough for it. Every record stands in both, kept in a split or dropped by a rule;
where it stands differently, that is a change.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gaokerena_data.curate.measures.measure import MEASURE
from gaokerena_data.curate.told.earlier_runs import Run
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.nested import differences

NEWLY_DROPPED = "newly dropped"
NEWLY_KEPT = "newly kept"
MOVED = "moved to another split"
OTHER_KEEPER = "another keeper"
OTHER_RULE = "dropped by another rule"
KINDS = (NEWLY_DROPPED, NEWLY_KEPT, MOVED, OTHER_KEEPER, OTHER_RULE)


@dataclass(frozen=True, slots=True)
class Change:
    """One record that stands differently.

    Args:
        kind: one of `KINDS`.
        rule: what brought it about: the rule that drops it now (or no longer does), or the splits.
        before: its ledger row in the curation that was made.
        after: its ledger row by the new thresholds.
    """

    kind: str
    rule: str
    before: LedgerRow
    after: LedgerRow

    @property
    def deciding(self) -> LedgerRow:
        """The row that holds the value, the threshold and the keeper it is about."""
        return self.before if self.kind == NEWLY_KEPT else self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs.

    Args:
        run: the name of the curation that was made.
        settings: (key, before, after) of each threshold that differs.
        inputs: names of the extracted files that differ, came or went.
        measures: (before, after) where the signals were measured by different versions.
        only_before: records that are no longer there.
        only_after: records that have come since.
        outcomes: (step, reason) -> (records before, records after); kept ones by split.
        sources: source -> (kept before, kept after, records after).
        changes: the records that stand differently, in the order of their ids.
    """

    run: str
    settings: list[tuple[str, Any, Any]]
    inputs: list[str]
    measures: tuple[str, str] | None
    only_before: int
    only_after: int
    outcomes: dict[tuple[str, str], tuple[int, int]]
    sources: dict[str, tuple[int, int, int]]
    changes: list[Change]

    def groups(self) -> list[tuple[str, str, list[Change]]]:
        """(kind, rule, changes): kinds in the order of `KINDS`, their largest group first."""
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in self.changes:
            groups.setdefault((change.kind, change.rule), []).append(change)
        return [
            (*key, groups[key])
            for key in sorted(
                groups, key=lambda key: (KINDS.index(key[0]), -len(groups[key]), key[1])
            )
        ]


def compare(
    run: Run, ledger: pa.Table, settings: dict[str, Any], inputs: dict[str, str]
) -> Comparison:
    """Hold a new ledger against that of a curation that was made.

    Args:
        run: the curation.
        ledger: what becomes of every record now.
        settings: the thresholds now.
        inputs: SHA-256 of each extracted file now.
    """
    before, after = _fates(run.ledger), _fates(ledger)
    changes = [
        change
        for record_id in sorted(before.keys() & after.keys())
        if (change := _change(before[record_id], after[record_id])) is not None
    ]
    old, new = (
        Counter(zip(table["step"].to_pylist(), table["reason"].to_pylist(), strict=True))
        for table in (run.ledger, ledger)
    )
    kept_before, kept_after = (
        Counter(row.source for row in fates.values() if row.decision == "kept")
        for fates in (before, after)
    )
    records = Counter(row.source for row in after.values())
    return Comparison(
        run.name,
        list(differences(run.settings, settings)),
        [
            name
            for name in sorted(run.inputs.keys() | inputs.keys())
            if run.inputs.get(name) != inputs.get(name)
        ],
        (run.measure, MEASURE) if run.measure not in (None, MEASURE) else None,
        len(before.keys() - after.keys()),
        len(after.keys() - before.keys()),
        {key: (old[key], new[key]) for key in _in_order(run.ledger, ledger)},
        {
            name: (kept_before[name], kept_after[name], records[name])
            for name in sorted(records.keys() | kept_before.keys())
        },
        changes,
    )


def pick(changes: list[Change], count: int) -> list[Change]:
    """`count` of these changes, the same at every run, in the order of what was measured.

    They are drawn by a hash of their ids: more of them are the same ones and others.
    """
    drawn = sorted(changes, key=lambda change: hashlib.sha256(change.after.id.encode()).digest())

    def measured(change: Change) -> tuple[float, str]:
        row = change.deciding
        value = row.similarity if row.value is None else row.value
        return value if value is not None else 0.0, row.id

    return sorted(drawn[:count], key=measured)


def _fates(ledger: pa.Table) -> dict[str, LedgerRow]:
    """What becomes of each record; a record that was read twice is kept where one of them is."""
    fates: dict[str, LedgerRow] = {}
    for batch in ledger.to_batches(max_chunksize=10_000):
        for values in batch.to_pylist():
            row = LedgerRow(**values)
            if row.step.startswith("repeated_record@") and row.id in fates:
                continue
            known = fates.get(row.id)
            if known is None or known.step.startswith("repeated_record@"):
                fates[row.id] = row
    return fates


def _change(before: LedgerRow, after: LedgerRow) -> Change | None:
    match before.decision, after.decision:
        case "kept", "dropped":
            return Change(NEWLY_DROPPED, _rule(after), before, after)
        case "dropped", "kept":
            return Change(NEWLY_KEPT, _rule(before), before, after)
        case "kept", "kept" if before.reason != after.reason:
            return Change(MOVED, f"{before.reason} -> {after.reason}", before, after)
        case "dropped", "dropped" if _rule(before) != _rule(after):
            return Change(OTHER_RULE, f"{_rule(before)} -> {_rule(after)}", before, after)
        case "dropped", "dropped" if before.keeper != after.keeper:
            return Change(OTHER_KEEPER, _rule(after), before, after)
    return None


def _rule(row: LedgerRow) -> str:
    return f"{row.step} {row.reason}"


def _in_order(*ledgers: pa.Table) -> list[tuple[str, str]]:
    """Every (step, reason): those that drop first, then the splits."""
    seen: dict[tuple[str, str], str] = {}
    for ledger in ledgers:
        columns = (ledger[name].to_pylist() for name in ("step", "reason", "decision"))
        seen |= {(step, reason): decision for step, reason, decision in zip(*columns, strict=True)}
    return sorted(seen, key=lambda key: (seen[key] == "kept", key))
