"""Figures 3 and 4: which system stands in which, the same bytes, Persian and hostile names."""

from pathlib import Path
from typing import Any

from training.evaluation.report.accuracy_figure import DrawnBenchmark, draw_accuracies
from training.evaluation.report.figures import draw_figures, label_of, table_of
from training.evaluation.scoring.statistics import proportion


def win(second: str, rate: float = 0.6, first: str = "gaokerena", **more: Any) -> dict[str, Any]:
    interval = {"low": rate - 0.05, "high": rate + 0.05}
    return {
        "kind": "win_rate", "first": first, "second": second, "judge": "gpt-4o",
        "win_rate": rate, "interval": interval, "warnings": [], **more,
    }  # fmt: skip


WINS = [win("aya"), win("qwen2.5", 0.9), win("medmobile_parsinlu"), win("دستیار پزشک $x$")]


def test_every_system_stands_in_the_figure_of_its_table() -> None:
    assert [table_of(summary["second"]) for summary in WINS] == ["III", "III", "IV", None]
    assert label_of("medmobile_gemma2b(translator)") == "MedMobile + gemma2-2b-it"


def test_figures_are_drawn_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    drawn = [draw_figures([*WINS, {"kind": "kqa"}], tmp_path / name) for name in ("one", "two")]
    names = [f"{name}.{form}" for name in ("figure_3", "figure_4", "win_rates")
             for form in ("png", "svg")]  # fmt: skip
    for files in drawn:
        assert [path.name for path in files] == names
    for one, two in zip(*drawn, strict=True):
        assert one.read_bytes() == two.read_bytes()
    texts = [path.read_text(encoding="utf-8") for path in drawn[0] if path.suffix == ".svg"]
    assert "aya-expanse-8b" in texts[0]
    assert "in the paper" in texts[0]
    assert "دستیار" in texts[2]
    assert "$x$" in texts[2]


def test_a_questioned_judge_is_marked(tmp_path: Path) -> None:
    [_, svg] = draw_figures([win("aya", warnings=["position bias"])], tmp_path)
    assert "called into question" in svg.read_text(encoding="utf-8")


def test_accuracies_are_drawn_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    systems = [("دستیار $x$", proportion(30, 60)), ("aya", proportion(0, 60))]
    shown = [DrawnBenchmark("آزمون & <b>", systems, 0.4), DrawnBenchmark("one", systems[:1], 0.25)]
    one, two = (draw_accuracies(shown, tmp_path / name) for name in ("one", "two"))
    assert [path.name for path in one] == ["accuracies.png", "accuracies.svg"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    text = one[1].read_text(encoding="utf-8")
    assert "$x$" in text
    assert "آزمون" in text
    assert "50.0  [37.7, 62.3]" in text
    assert draw_accuracies([], tmp_path / "none") == []


def test_no_verdicts_no_figure(tmp_path: Path) -> None:
    assert draw_figures([{"kind": "timing"}], tmp_path) == []
