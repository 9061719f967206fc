import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from gaokerena_data.drawing import source_label
from gaokerena_data.release.papers.figures import draw_figures
from gaokerena_data.release.statistics import make_statistics
from tests.pairs import answer, question
from tests.release.letters import LETTERS

SPLITS = {"train": ["drhast"] * 30 + ["niniban"] * 20, "dev": ["niniban"] * 9, "test": ["isovisit"]}
RUN: dict[str, Any] = {
    "records": 90,
    "funnel": [
        {"source": "drhast", "decision": "kept", "step": "split@1", "reason": "train", "rows": 60},
        {
            "source": "drhast",
            "decision": "dropped",
            "step": "length@1",
            "reason": "too_short",
            "rows": 25,
        },
        {
            "source": "drhast",
            "decision": "dropped",
            "step": "near@1",
            "reason": "answer",
            "rows": 5,
        },
    ],
}
CHANGELOG: list[dict[str, Any]] = [
    {"version": "1.1.0", "rows": {"default": {"train": 50, "dev": 9, "test": 1}}},
    {"version": "1.0.0", "rows": {"default": {"train": 40, "dev": 9, "test": 1}}},
]


def statistics() -> dict[str, Any]:
    tables = {
        split: pa.table(
            {
                "Source": sources,
                "url": [None] * len(sources),
                "Question": [question(n) for n in range(len(sources))],
                "Answer": [answer(n) for n in range(len(sources))],
            }
        )
        for split, sources in SPLITS.items()
    }
    return make_statistics({"default": tables}, LETTERS, lambda *_: None)


def test_all_figures_are_drawn_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        drawn = draw_figures(tmp_path / name, statistics(), RUN, CHANGELOG)
        assert drawn == ["sources", "splits", "lengths", "funnel", "growth"]
        made.append({f.name: f.read_bytes() for f in (tmp_path / name / "figures").iterdir()})
    assert sorted(made[0]) == sorted(f"{name}.{end}" for name in drawn for end in ("png", "svg"))
    assert made[0] == made[1]
    for name, content in made[0].items():
        if name.endswith("svg"):
            # Texts are texts: found, copied and read aloud; the PNG is for who lacks a font.
            assert b"<text" in content
            assert not re.search(rb"<dc:date>|Matplotlib v", content)
        else:
            assert content.startswith(b"\x89PNG")
            assert b"matplotlib" not in content
    assert ">نی‌نی‌بان<".encode() in made[0]["sources.svg"]


def test_figures_without_numbers_are_left_out(tmp_path: Path) -> None:
    run = {"records": 60, "funnel": RUN["funnel"][:1]}
    assert draw_figures(tmp_path, statistics(), run, CHANGELOG[:1]) == [
        "sources",
        "splits",
        "lengths",
    ]


def test_a_site_is_named_in_persian_and_a_subject_in_words() -> None:
    assert source_label("hidoctor") == "های دکتر\nhidoctor"
    assert source_label("kqa") == "kqa"
    assert source_label("clinical_knowledge") == "clinical knowledge"


def test_a_benchmark_of_many_parts_is_drawn_part_by_part(tmp_path: Path) -> None:
    table = pa.table({"subject": ["anatomy"] * 9, "question": [question(n) for n in range(9)]})
    configs = {name: {"test": table} for name in ("anatomy", "biology", "genetics", "medicine")}
    run = {"records": 36, "funnel": []}
    made = make_statistics(configs, LETTERS, lambda *_: None)
    assert draw_figures(tmp_path, made, run, CHANGELOG[:1]) == ["sources", "lengths"]
    assert b"genetics" in (tmp_path / "figures" / "lengths.svg").read_bytes()
