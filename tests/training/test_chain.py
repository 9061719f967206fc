"""Adapters trained over a merged model, as 4-bit training asks for: what belongs together."""

import json
from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.training.conftest import MakeRecipe
from tests.training.tiny_models import write_base, write_run
from training.models.adapters import open_adapter
from training.models.merge import merge
from training.publishing.model_card import render_card
from training.publishing.publication import open_publication, stage
from training.train import train

BASE = "org/tiny-aya"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, make_recipe: MakeRecipe) -> Path:
    """The documented way: a first run merged, a second one trained over the merge, that merged."""
    folder = tmp_path_factory.mktemp("chain")
    base = write_base(folder / "base")
    write_run(
        folder / "runs" / "pretrain",
        AutoModelForCausalLM.from_pretrained(base),
        "pretrain",
        base,
    )
    merge([folder / "runs" / "pretrain"], folder / "merged")
    over = (f"model.name={folder / 'merged'}", "model.adapter=null", "max_steps=1")
    train(make_recipe("instruct", *over), Workspace(folder))
    merge([folder / "runs" / "instruct"], folder / "final")
    return folder


def test_a_merge_over_a_merge_keeps_both_stages(room: Path) -> None:
    stated = json.loads((room / "final" / "merge.json").read_text("utf-8"))
    runs = [open_adapter(room / "runs" / name) for name in ("pretrain", "instruct")]
    assert stated["base_model"]["name"] == str(room / "base")
    assert stated["over"]["name"] == str(room / "merged")
    assert [each["stage"] for each in stated["adapters"]] == ["pretrain", "instruct"]
    assert [each["sha256"] for each in stated["adapters"]] == [each.digest for each in runs]
    for each in stated["adapters"]:
        assert json.loads((room / "final" / each["run"] / "run.json").read_text("utf-8"))
    assert not (room / "final" / "adapter").exists()


def test_the_card_tells_of_both_stages(room: Path, tmp_path: Path) -> None:
    publication = open_publication(room / "final", BASE)
    assert list(publication.runs) == ["1-pretrain", "2-instruct"]
    card = render_card(publication, "org/tiny", "1.0.0", license_id="apache-2.0")
    assert card.index("pretrain") < card.index("instruct")
    stage(publication, card, "tiny", "1.0.0", tmp_path)
    published = (tmp_path / "merge.json").read_text("utf-8")
    assert str(room) not in published
    assert "2-instruct" in published


@pytest.mark.parametrize("base", [None, BASE])
def test_the_adapter_alone_is_not_published(room: Path, base: str | None) -> None:
    """On the base that anybody would name, the first stage would be missing."""
    for path in (room / "runs" / "instruct", room / "runs" / "instruct" / "adapter"):
        with pytest.raises(GaokerenaError, match="works only on merged, which is a merge") as told:
            open_publication(path, base)
        assert "\n" not in str(told.value)


def test_it_is_merged_into_nothing_else(room: Path, tmp_path: Path) -> None:
    to = tmp_path / "wrong"
    instruct, pretrain = room / "runs" / "instruct", room / "runs" / "pretrain"
    with pytest.raises(GaokerenaError, match="was trained on a merge of other adapters, which"):
        merge([instruct], to, base=str(room / "base"))
    with pytest.raises(GaokerenaError, match="was trained on a merge of other adapters, which"):
        merge([instruct], to, base=BASE)
    with pytest.raises(GaokerenaError, match="only adapters of one base"):
        merge([pretrain, instruct], to)
    with pytest.raises(GaokerenaError, match=r"is a merge of .*pretrain already: name it once"):
        merge([pretrain], to, base=str(room / "merged"))
    with pytest.raises(GaokerenaError, match="is a merge itself, and org/vision would lack"):
        merge([instruct], to, into="org/vision")
    assert not to.exists()
