"""Releases to publish, written as `gaokerena release` writes them, of invented pairs."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.canonical import hash_rows, row_marks

COLUMNS = (
    *("id", "Question", "Answer", "Source", "url", "specialty", "answered_by", "fetched_at"),
)
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])

COMPLAINTS = (
    "سلام دکتر، سه روزه سرم درد میکنه و قرص هم نخوردم",
    "خانم دکتر پسرم ۴ سالشه شبا تب میکنه چیکار کنم؟",
    "با سلام، جواب آزمایش TSH من 6.2 شده، آیا نگران‌کننده است؟",
    "ببخشید موقع راه رفتن زانوم صدا میده، باید MRI بگیرم؟",
)
REPLIES = (
    "سلام، اگر تب ندارید فعلاً استراحت کنید و مایعات بیشتری بنوشید.",
    "سلام بهتره حضوری معاینه بشه، پاشویه هم انجام بدید",
    "درود بر شما؛ آزمایش را شش هفته بعد تکرار کنید.",
)


def pairs(split: str, rows: int, edits: Mapping[int, str] | None = None) -> list[dict[str, str]]:
    """Rows of a split in id order; `edits` gives some of them another answer."""
    return [
        {
            "id": f"drhast-{hashlib.sha256(f'{split}{i}'.encode()).hexdigest()[:16]}",
            "Question": f"{COMPLAINTS[i % len(COMPLAINTS)]} (مورد {i})",
            "Answer": (edits or {}).get(i, REPLIES[i % len(REPLIES)]),
            "Source": "drhast",
            "url": f"https://drhast.com/question/{split}/{i}",
            "specialty": "داخلی",
            "answered_by": "دکتر نمونه",
            "fetched_at": "2026-11-01T08:00:00Z",
        }
        for i in range(rows)
    ]


def write_release(
    folder: Path,
    version: str = "1.0.0",
    rows: Mapping[str, int] | None = None,
    *,
    dataset: str = "mf3qa",
    configs: Sequence[str] = ("default", "uncleaned"),
    edits: Mapping[int, str] | None = None,
    marks: bool = False,
) -> Path:
    """Write a release folder.

    Args:
        folder: where; made.
        version: its number.
        rows: rows of each split of the default config; `uncleaned` has two more.
        dataset: its name.
        configs: which configs there are.
        edits: row number -> another answer, in every split.
        marks: whether the manifest has the marks of rows.
    """
    rows = rows or {"train": 6, "dev": 2, "test": 3}
    stamps: dict[str, dict[str, object]] = {}
    card = ["---", "language:", "- fa", "license: cc-by-nc-sa-4.0", "configs:"]
    for config in configs:
        data = "data" if config == "default" else config
        card += [f"- config_name: {config}", "  data_files:"]
        for split, count in rows.items():
            extra = 0 if config == "default" else 2
            table = pa.Table.from_pylist(pairs(split, count + extra, edits), schema=SCHEMA)
            path = folder / data / f"{split}-00000-of-00001.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, path)
            stamp: dict[str, object] = {"rows": len(table), "sha256": hash_rows(table)}
            if marks:
                stamp["marks"] = row_marks(table)
            stamps.setdefault(config, {})[split] = {**stamp, "sources": {"drhast": len(table)}}
            card += [f"  - split: {split}", f"    path: {data}/{split}-*"]
    card += ["---", f"# {dataset} {version}", "پرسش و پاسخ پزشکی", ""]
    (folder / "README.md").write_text("\n".join(card), encoding="utf-8")
    write_manifest(folder, version, stamps, dataset)
    return folder


def write_manifest(
    folder: Path, version: str, rows: Mapping[str, object], dataset: str = "mf3qa"
) -> None:
    """State what the folder holds now."""
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
    manifest = {
        "format": 1,
        "dataset": dataset,
        "kind": "question_answer",
        "version": version,
        "files": {
            path: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in contents.items()
        },
        "rows": rows,
        "inputs": {},
        "libraries": {},
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
