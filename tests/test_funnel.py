"""The funnel: every number of a run is in it once, and its picture is the same every time."""

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from gaokerena_data.drawing import drawing_style, save_png
from gaokerena_data.funnel import Funnel, draw_funnel_by_source, read_funnel


def row(source: str, decision: str, step: str, reason: str, rows: int) -> dict[str, Any]:
    return {"source": source, "decision": decision, "step": step, "reason": reason, "rows": rows}


RUN: dict[str, Any] = {
    "records": 130,
    "unread": [
        row("drhast", "dropped", "extract@1", "no_record", 7),
        row("niniban", "dropped", "import@1", "no_question", 3),
    ],
    "funnel": [
        row("drhast", "kept", "split@1", "train", 60),
        row("niniban", "kept", "split@1", "dev", 5),
        row("niniban", "kept", "split@1", "train", 20),
        row("drhast", "dropped", "near_duplicate@1", "nearly_same_words", 30),
        row("niniban", "dropped", "near_duplicate@1", "nearly_same_words", 5),
        row("niniban", "dropped", "answer_length@1", "too_short", 10),
    ],
    "steps": ["answer_length@1", "near_duplicate@1"],
}


def test_every_row_is_counted_once_and_the_rules_stand_in_their_order() -> None:
    funnel = read_funnel(RUN)
    assert funnel.records == {"drhast": 90, "niniban": 40}
    assert sum(funnel.records.values()) == RUN["records"]
    assert [(each.label, each.rows, each.is_loss) for each in funnel.rows()] == [
        ("pages and rows read", 140, False),
        ("no record  [extract@1]", 7, True),
        ("no question  [import@1]", 3, True),
        ("records in", 130, False),
        ("too short  [answer_length@1]", 10, True),
        ("nearly same words  [near_duplicate@1]", 35, True),
        ("kept", 85, False),
    ]


def test_an_older_run_tells_neither_what_was_unread_nor_the_order() -> None:
    funnel = read_funnel({"records": 130, "funnel": RUN["funnel"]})
    assert [each.rows for each in funnel.rows()] == [130, 35, 10, 85]


def labels(figure: Figure) -> set[str]:
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    ticks = [tick.get_text() for axes in figure.axes for tick in axes.get_xticklabels()]
    return {*texts, *ticks}


def test_the_picture_holds_the_numbers_and_has_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one.png", "two.png"):
        with drawing_style():
            figure = draw_funnel_by_source(read_funnel(RUN))
            save_png(figure, tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert made[0].startswith(b"\x89PNG")
    assert labels(figure) >= {"140", "−35  (25.0%)", "85  (60.7%)", "30", "نی‌نی‌بان\nniniban"}


def test_nothing_kept_and_nothing_read_can_be_drawn() -> None:
    nothing = Funnel([], [], {})
    lost = read_funnel({"funnel": [row("kqa", "dropped", "script@1", "not_persian_script", 4)]})
    for funnel in (nothing, lost):
        with drawing_style():
            draw_funnel_by_source(funnel).savefig(BytesIO(), format="png")
