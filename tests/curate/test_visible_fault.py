"""Rows with a visible fault are not learnt from; tests keep theirs."""

import json
from pathlib import Path

import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.pairs.faults import Fault
from gaokerena_data.workspace import Workspace
from tests.pairs import clean_records, pair, write_records

ASKED = "سلام، چند روز است کف پایم هنگام راه رفتن می‌سوزد، چه کنم؟"
# Each with words enough for the floor of answers.
LEANS = (
    "سلام. در تصویر ارسالی شما ترک‌های عمیقی روی پاشنه دیده می‌شود که با خشکی پوست جور است؛ شب‌ها "
    "پاها را ده دقیقه در آب ولرم بگذارید، خشک کنید و کرم اوره‌ی ده درصد بزنید، جوراب نخی بپوشید و "
    "از دمپایی پلاستیکی پرهیز کنید تا سوزش در دو هفته کم شود."
)
TELLS = LEANS.replace("در تصویر ارسالی شما ترک‌های عمیقی روی پاشنه دیده می‌شود که", "سوزش کف پا")


def curated(folder: Path, toml: str = "") -> dict[str, tuple[str, str, str]]:
    """What became of two pairs of each source, by source and answer."""
    workspace = Workspace(folder)
    workspace.config_file.write_text(f"[mf3qa]\n{toml}\n", "utf-8")
    made = {
        f"{source} {name}": pair(source, f"{ASKED} {source}", text)
        for source in ("drhast", "doctoryab")
        for name, text in (("leans", LEANS), ("tells", TELLS))
    }
    write_records(workspace, [*clean_records(), *made.values()])
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    rows = {row["id"]: row for row in curation.ledger.to_pylist()}
    return {
        name: tuple(rows[record.id][key] for key in ("decision", "step", "reason"))
        for name, record in made.items()
    }


def test_a_faulty_row_is_left_out_of_what_is_learnt_alone(tmp_path: Path) -> None:
    became = curated(tmp_path)
    assert became["drhast leans"] == ("dropped", "visible_fault@1", "speaks_of_an_attachment")
    assert became["doctoryab leans"] == ("kept", "split@1", "test")
    assert became["drhast tells"][1] != "visible_fault@1"


@pytest.mark.thorough
def test_a_fault_that_is_not_listed_drops_nothing(tmp_path: Path) -> None:
    became = curated(tmp_path, 'drop_faults = ["only_greets"]')
    assert became["drhast leans"][1] != "visible_fault@1"


def test_an_unknown_fault_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="no fault is called 'rude'") as told:
        curated(tmp_path, 'drop_faults = ["rude"]')
    assert "\n" not in str(told.value)


def test_all_faults_are_dropped_where_nobody_says_otherwise(tmp_path: Path) -> None:
    curated(tmp_path)
    run = json.loads((tmp_path / "curated" / "mf3qa" / "run.json").read_text("utf-8"))
    assert sorted(run["settings"]["drop_faults"]) == sorted(Fault)
