"""A model as a second net for names: a tiny one that knows one name, made here."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.commands import app
from gaokerena_data.text.personal.name_model import NameModel
from gaokerena_data.text.privacy import find_personal_data, redact
from tests.text.name_model import make_name_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_name_model(tmp_path_factory.mktemp("ner"))


def test_a_model_adds_what_no_rule_finds(model: Path) -> None:
    text = "دیروز زرقانک آمد و شماره ۰۹۱۲۳۴۵۶۷۸۹ را داد"
    assert "زرقانک" in redact(text)
    kinds = [
        (span.kind, text[span.start : span.end])
        for span in find_personal_data(text, NameModel(str(model)))
    ]
    assert kinds == [("name", "زرقانک"), ("mobile", "۰۹۱۲۳۴۵۶۷۸۹")]


def test_a_long_text_is_read_to_its_end(model: Path) -> None:
    text = "دارو خورد " * 400 + "زرقانک"
    [span] = NameModel(str(model))(text)
    assert text[span.start : span.end] == "زرقانک"


def test_how_sure_it_must_be_is_asked(model: Path) -> None:
    assert NameModel(str(model), least_score=1.01)("زرقانک آمد") == []


def privacy(text: str, model: str) -> str:
    arguments = ["privacy", "-", "--ner", model]
    return CliRunner().invoke(app, arguments, input=text, catch_exceptions=False).output


def test_the_command_takes_a_folder(model: Path) -> None:
    assert "[نام]" in privacy("دیروز زرقانک آمد", str(model))


def test_no_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match=r"config\.json") as raised:
        privacy("دیروز آمد", str(tmp_path / "nowhere"))
    assert "\n" not in str(raised.value)


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(GaokerenaError, match=r"gaokerena-data\[ner\]"):
        privacy("دیروز آمد", "any/model")
