"""run.json: what a curation read, by which thresholds, and what came out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.measures.measure import MEASURE
from gaokerena_data.curate.settings import dump_settings
from gaokerena_data.curate.splits.leakage import Leak
from gaokerena_data.curate.texts.labelled import labels_digest
from gaokerena_data.ledger import LEDGER_SCHEMA, read_ledger

LIBRARIES = ("datasketch", "gaokerena-data", "hazm", "langdetect", "numpy", "pyarrow")


def summarize(
    curating: Curating,
    ledger: pa.Table,
    *,
    steps: list[str],
    review: str | None,
) -> dict[str, Any]:
    """What run.json holds, but for the leakage table.

    It holds no time and no path of this machine: the same run, the same bytes. `funnel` counts
    ledger rows by source, decision, step and reason: kept and dropped rows add up to `records`.
    `unread` counts the pages and rows that never became a record. `steps` are the versioned rules
    that left anything out, in the order they were applied; `review` is what the card says of the
    reviewers' work.
    """
    return {
        "dataset": curating.declaration.name,
        "measures": MEASURE,
        **_scorer(curating),
        "settings": dump_settings(curating.settings),
        "inputs": curating.inputs,
        "libraries": {name: version(name) for name in LIBRARIES},
        "records": ledger.num_rows,
        "unread": _counted(_unread(curating.files)),
        "funnel": _counted(ledger),
        "steps": steps,
        "review": review,
    }


def _scorer(curating: Curating) -> dict[str, Any]:
    """Which model the scores are of, and which labels went before them, where there are any."""
    scores, labels = curating.scores, curating.labels
    if scores is None:
        return {}
    return {
        "scorer": {"name": scores.scored_by, "digest": scores.digest},
        "labels": {"records": len(labels), "digest": labels_digest(labels)},
    }


def write_summary(path: Path, summary: dict[str, Any], leaks: list[Leak]) -> None:
    """Write run.json."""
    whole = summary | {"leakage": [asdict(leak) for leak in leaks]}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _unread(files: Sequence[Path]) -> pa.Table:
    """What the reading of these files' pages or rows left out."""
    ledgers = (file.with_suffix(".ledger.parquet") for file in files)
    tables = [read_ledger(ledger) for ledger in ledgers if ledger.is_file()]
    return pa.concat_tables(tables) if tables else LEDGER_SCHEMA.empty_table()


def _counted(ledger: pa.Table) -> list[dict[str, Any]]:
    columns = ["source", "decision", "step", "reason"]
    counted = ledger.group_by(columns).aggregate([([], "count_all")])
    counted = counted.rename_columns({"count_all": "rows"}).select([*columns, "rows"])
    rows: list[dict[str, Any]] = counted.to_pylist()
    return sorted(rows, key=lambda row: [row[name] for name in columns])
