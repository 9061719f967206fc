"""run.json: what a curation read, by which thresholds, and what came out."""

import json
from collections import Counter
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.config import Dataset, DatasetConfig
from gaokerena_data.curate.leakage import Leak
from gaokerena_data.curate.measure import MEASURE
from gaokerena_data.ledger import LEDGER_SCHEMA, read_ledger

LIBRARIES = ("datasketch", "gaokerena-data", "hazm", "langdetect", "numpy", "pyarrow")


def write_summary(
    path: Path,
    dataset: Dataset,
    settings: DatasetConfig,
    files: list[Path],
    inputs: dict[str, str],
    ledger: pa.Table,
    leaks: list[Leak],
    *,
    steps: list[str],
    review: str | None,
) -> dict[str, Any]:
    """Write run.json, and return what it holds.

    It holds no time and no path of this machine: the same run, the same bytes. `funnel` counts
    ledger rows by source, decision, step and reason: kept and dropped rows add up to `records`.
    `unread` counts the pages and rows that never became a record. `steps` are the versioned rules
    that left anything out, in the order they were applied; `review` is what the card says of the
    reviewers' work.
    """
    summary = {
        "dataset": dataset,
        "measures": MEASURE,
        "settings": settings.model_dump(mode="json"),
        "inputs": inputs,
        "libraries": {name: version(name) for name in LIBRARIES},
        "records": ledger.num_rows,
        "unread": _counted(_unread(files)),
        "funnel": _counted(ledger),
        "steps": steps,
        "review": review,
        "leakage": [asdict(leak) for leak in leaks],
    }
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return summary


def _unread(files: list[Path]) -> pa.Table:
    """What the reading of these files' pages or rows left out."""
    ledgers = (file.with_suffix(".ledger.parquet") for file in files)
    tables = [read_ledger(ledger) for ledger in ledgers if ledger.is_file()]
    return pa.concat_tables(tables) if tables else LEDGER_SCHEMA.empty_table()


def _counted(ledger: pa.Table) -> list[dict[str, Any]]:
    columns = ("source", "decision", "step", "reason")
    counts = Counter(zip(*(ledger[name].to_pylist() for name in columns), strict=True))
    return [
        dict(zip(columns, key, strict=True)) | {"rows": rows}
        for key, rows in sorted(counts.items())
    ]
