"""A model as a second net for names: a tiny one that knows one name, made here."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.text.commands import app
from gaokerena_data.text.personal.name_model import NameModel
from gaokerena_data.text.privacy import find_personal_data, redact

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "زرقانک", "دیروز", "آمد", "دارو", "خورد"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier whose embedding of «زرقانک» alone is of a person."""
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("ner")
    numbered = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(numbered, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=0,
        num_attention_heads=1,
        intermediate_size=16,
        id2label={0: "O", 1: "B-PER"},
        label2id={"O": 0, "B-PER": 1},
    )
    network = BertForTokenClassification(config)
    with torch.no_grad():
        for weights in network.parameters():
            weights.zero_()
        network.bert.embeddings.LayerNorm.weight.fill_(1.0)
        network.bert.embeddings.word_embeddings.weight[WORDS.index("زرقانک"), 0] = 8.0
        network.classifier.bias[0] = 5.0
        network.classifier.weight[1, 0] = 10.0
    network.save_pretrained(folder)
    return folder


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
