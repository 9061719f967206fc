"""Invented candidates, among them texts that a careless format would break, and filled files."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.curate.settings import load_settings
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.review.batch import Batch, part_of
from gaokerena_data.review.export import Exported, Format, Selection, export_batch
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question

TRICKY = [
    ("=cmd|' /C calc'!A0 این یعنی چه؟", "+98 نیست، -۵ درجه است، @نام کاربری هم نیست."),
    (
        "<script>document.title = 'x'</script> این چیست؟",
        "</script><!-- <img src=x onerror=alert(1)> & «نقل»",
    ),
    (
        "دوز آموکسی‌سیلین ۲٫۵ میلی‌گرم یا 2.5 mg؟",
        "روزی ۵-۱۰ قطره؛ HbA1c زیر 7% و فشار ۱۲۰/۸۰ mmHg خوب است.",
    ),
    ("0012 یعنی چه؟", "_x0041_ همان متن است\nخط دوم\n\nخط چهارم با\tتب"),
    ("نیم‌فاصله‌ها می‌مانند؟ 🤒", "بله، می‌شود: نمی‌خواهم، خانه‌ها، رفته‌ام. \u202a۱۲۳\u202c"),
    ("TRUE", "1e5"),
    ("'''", '"؛ {{ 7 * 7 }} ${x} %s'),
    ("http://example.ir/a?b=1&c=2 را دیدم", "https://example.ir"),
]
CHOICES: list[dict[str, str]] = [
    {"choice": "accept"},
    {"choice": "reject", "reason": "wrong_or_harmful", "note": "دوز «کودک» نیست؛ =1+1"},
    {"choice": "edit", "answer": "روزی ۲ بار، هر بار ۵۰۰ mg.\nبعد از غذا، نه پیش از آن‌ها."},
    {"choice": "unclear", "note": "متن ناقص است"},
    {"choice": "out_of_field"},
    {},
    {"choice": "edit", "question": "پرسش اصلاح‌شده؟", "answer": "=نه فرمول 0012"},
]

type Fill = Callable[[Path, Batch, Mapping[str, dict[str, str]]], Path]


def make_workspace(root: Path, rows: int = 24) -> Workspace:
    """A workspace as a curation leaves it: tricky texts, a similar pair, clean rows."""
    texts = TRICKY + [(question(n), answer(n)) for n in range(rows - len(TRICKY) - 1)]
    texts.append((texts[-1][0], texts[-1][1].replace("حتما", "لطفا همین امروز بدون تاخیر")))
    workspace = Workspace(root)
    write_candidates(
        workspace,
        [
            (f"{('niniban', 'drhast')[n % 2]}-{n:04}", asked, said)
            for n, (asked, said) in enumerate(texts)
        ],
    )
    return workspace


def write_candidates(workspace: Workspace, rows: list[tuple[str, str, str]]) -> None:
    """Write what a curation leaves for reviews: (id, question, answer)."""
    folder = workspace.curated("mf3qa")
    (folder / "uncleaned").mkdir(parents=True, exist_ok=True)
    table = pa.table(
        {
            "id": [row[0] for row in rows],
            "source": [row[0].split("-")[0] for row in rows],
            "question": [row[1] for row in rows],
            "answer": [row[2] for row in rows],
            "answer_words": pa.array([len(row[2].split()) for row in rows], pa.int32()),
            "persian_share": pa.array([0.95] * len(rows), pa.float64()),
        }
    )
    pq.write_table(table, folder / "candidates.parquet")
    pq.write_table(table.select(["id", "answer"]), folder / "uncleaned" / "train.parquet")
    settings = load_settings(workspace, MF3QA).model_dump(mode="json")
    facts = {"inputs": {"x": "y"}, "settings": settings}
    (folder / "run.json").write_text(json.dumps(facts), "utf-8")


def export(
    workspace: Workspace, file_format: Format = "xlsx", *names: str, **selection: Any
) -> Exported:
    """Export a batch of everything, or what `selection` says."""
    chosen = Selection(**({"sample": 1_000, "overlap": 1.0} | selection))
    return export_batch(workspace, "mf3qa", file_format, names or ("maryam",), chosen)


def wishes(batch: Batch, reviewer: str = "maryam") -> dict[str, dict[str, str]]:
    """A decision for every row of a reviewer, all kinds in turn."""
    rows = part_of(batch, reviewer).rows
    return {row.id: CHOICES[n % len(CHOICES)] for n, row in enumerate(rows)}
