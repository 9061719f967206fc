"""A dataset's `name_model`: names that no rule finds are replaced in what is published."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, clean_records, pair, question, write_records
from tests.text.name_model import make_name_model

NAMED = pair("drhast", f"دیروز زرقانک گفت {question(77)}", answer(77))


def questions(workspace: Workspace) -> str:
    folder = curate(workspace, "mf3qa", lambda *_: None, workers=1).folder / "default"
    tables = [pq.read_table(split) for split in sorted(folder.glob("*.parquet"))]
    return "\n".join(text for table in tables for text in table["question"].to_pylist())


def test_a_model_names_what_no_rule_finds(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    write_records(workspace, [*clean_records(), NAMED])
    assert "زرقانک" in questions(workspace)
    model = make_name_model(tmp_path / "model")
    workspace.config_file.write_text(f'[mf3qa]\nname_model = "{model}"\n', "utf-8")
    published = questions(workspace)
    assert "زرقانک" not in published
    assert "دیروز [نام] گفت" in published


def test_no_model_is_one_line(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    write_records(workspace, [*clean_records(), NAMED])
    workspace.config_file.write_text('[mf3qa]\nname_model = "/nowhere/model"\n', "utf-8")
    with pytest.raises(GaokerenaError, match=r"name_model .*config\.json"):
        questions(workspace)
