"""Invented articles, and small releases to train on."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.pairs import ADVICE, CAUSES, SUBJECTS, answer, question


def article(number: int) -> str:
    """An article of one to five paragraphs: some far shorter than a row, some longer than two."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    paragraphs = [
        f"{subject} یکی از شکایت‌های شایع در درمانگاه است. {CAUSES[(number + n) % len(CAUSES)]} "
        f"از علت‌های آن شمرده می‌شود و بیشتر بیماران با درمان ساده بهتر می‌شوند. پزشکان توصیه "
        f"می‌کنند که {ADVICE[(number * 2 + n) % len(ADVICE)]}. در بررسی شماره {number}-{n} نیمی از "
        f"بیماران پس از {n + 2} هفته بهبود یافتند."
        for n in range(1 + number % 5)
    ]
    return "\n".join(paragraphs)


def articles(count: int) -> list[str]:
    return [article(number) for number in range(count)]


def write_corpus(folder: Path, count: int) -> Path:
    """A release of `medical_corpus` with that many articles."""
    rows = [
        {"id": f"nabz-{number:016x}", "content": text, "title": SUBJECTS[number % len(SUBJECTS)]}
        for number, text in enumerate(articles(count))
    ]
    return write_release(folder, "medical_corpus", rows)


def write_pairs(folder: Path, count: int) -> Path:
    """A release of `mf3qa` with that many pairs."""
    rows = [
        {"id": f"drhast-{number:016x}", "Question": question(number), "Answer": answer(number)}
        for number in range(count)
    ]
    return write_release(folder, "mf3qa", rows)


def add_split(folder: Path, split: str, rows: Sequence[Mapping[str, str]]) -> Path:
    """The same release with one more split."""
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / "data" / f"{split}-00000.parquet")
    card = (folder / "README.md").read_text("utf-8")
    more = f"  - split: {split}\n    path: data/{split}-*\n---\n"
    (folder / "README.md").write_text(card.removesuffix("---\n") + more, "utf-8")
    return folder


def write_release(folder: Path, dataset: str, rows: Sequence[Mapping[str, str]]) -> Path:
    """A release of one split, `train`: parquet, card and manifest."""
    (folder / "data").mkdir(parents=True)
    file = folder / "data" / "train-00000-of-00001.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows)), file)
    card = (
        "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*"
    )
    (folder / "README.md").write_text(f"---\n{card}\n---\n", encoding="utf-8")
    manifest = {"dataset": dataset, "version": "1.0.0"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
