"""Invented preference pairs: the better answer thinks in steps and names an option."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

COMPLAINTS = ("درد زانو", "سرگیجهٔ صبحگاهی", "خارش کف دست", "تنگی نفس شبانه", "تپش قلب")
DRUGS = ("قرص آهن", "قطرهٔ چشمی", "شربت معده", "پماد پوستی", "اسپری بینی", "سرم خوراکی", "شیاف")


def pair(number: int) -> dict[str, str]:
    """A pair of its own words, by the rule that all pairs have in common."""
    complaint = COMPLAINTS[number % len(COMPLAINTS)]
    drug = DRUGS[number % len(DRUGS)]
    return {
        "prompt": f"برای {complaint} در بیمار {number} ساله، {drug} کی داده می‌شود؟",
        "chosen": f"نخست علت {complaint} بررسی می‌شود، سپس {drug}. پس گزینهٔ درست است.",
        "rejected": f"{drug} همیشه خوب است و بررسی نمی‌خواهد، نمی‌دانم.",
    }


def pairs(numbers: Sequence[int]) -> list[dict[str, str]]:
    return [{"id": f"pair-{number:04}", **pair(number)} for number in numbers]


def conversational(row: Mapping[str, str]) -> dict[str, Any]:
    """The same pair as trl's messages."""
    roles = {"prompt": "user", "chosen": "assistant", "rejected": "assistant"}
    turns = {name: [{"role": role, "content": row[name]}] for name, role in roles.items()}
    return {**row, **turns}


def write_pairs(folder: Path, train: Sequence[Any], dev: Sequence[Any]) -> Path:
    """A release of `preference_pairs` with two splits."""
    (folder / "data").mkdir(parents=True)
    card = ["configs:", "- config_name: default", "  data_files:"]
    for split, rows in (("train", train), ("dev", dev)):
        file = folder / "data" / f"{split}-00000-of-00001.parquet"
        pq.write_table(pa.Table.from_pylist(list(rows)), file)
        card += [f"  - split: {split}", f"    path: data/{split}-*"]
    text = "\n".join(card)
    (folder / "README.md").write_text(f"---\n{text}\n---\n", encoding="utf-8")
    manifest = {"dataset": "preference_pairs", "version": "1.0.0"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
