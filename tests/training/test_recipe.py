"""Recipes: the paper's values, and one clear line for every mistake."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from training.runs.recipe import SHIPPED, Stage, load_recipe, shipped_recipes

LAYERS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def test_pretrain_is_the_papers() -> None:
    recipe = load_recipe("pretrain")
    assert recipe.model.name == "CohereLabs/aya-expanse-8b"
    assert recipe.dataset.share == 0.6
    assert (recipe.lora.rank, recipe.lora.alpha, recipe.lora.dropout) == (8, 16, 0.05)
    assert recipe.lora.targets == LAYERS
    assert (recipe.batch.size, recipe.batch.accumulation) == (2, 16)
    assert recipe.preparation.context == 1024
    assert (recipe.epochs, recipe.max_steps) == (1, None)
    optimizer = recipe.optimizer
    assert (optimizer.learning_rate, optimizer.schedule) == (5e-4, "cosine")
    assert (optimizer.warmup_share, optimizer.weight_decay) == (0.03, 0.1)
    assert optimizer.max_grad_norm == 0.3


def test_instruct_differs_where_the_paper_says() -> None:
    first, second = load_recipe("pretrain"), load_recipe("instruct")
    assert (second.lora.rank, second.lora.alpha, second.lora.dropout) == (2, 2, 0.4)
    assert second.optimizer.weight_decay == 0.5
    assert second.dataset.share == 1
    assert second.model.adapter == "pretrain"
    same = {"weight_decay": 0.1}
    assert second.optimizer.model_copy(update=same) == first.optimizer
    assert (second.batch, second.preparation) == (first.batch, first.preparation)
    assert (second.epochs, second.model.name) == (first.epochs, first.model.name)


@pytest.mark.parametrize("stage", ["pretrain", "instruct"])
def test_tiny_is_laid_over_either_stage(stage: Stage) -> None:
    own = load_recipe(stage)
    tiny = load_recipe(stage, "tiny")
    assert tiny.stage == stage
    assert tiny.lora == own.lora
    assert tiny.optimizer == own.optimizer
    assert tiny.preparation.context < own.preparation.context
    assert tiny.max_steps == 30


def test_any_key_can_be_changed() -> None:
    """Every leaf of the recipe, set to the value it has, is taken."""

    def leaves(tree: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
        return [
            leaf
            for key, value in tree.items()
            for leaf in (
                leaves(value, f"{prefix}{key}.")
                if isinstance(value, dict)
                else [(f"{prefix}{key}", value)]
            )
        ]

    recipe = load_recipe("instruct")
    changes = [
        f"{key}={yaml.safe_dump(value).strip()}" for key, value in leaves(recipe.model_dump())
    ]
    changes = [change.removesuffix("\n...") for change in changes]
    assert len(changes) > 30
    assert load_recipe("instruct", None, changes) == recipe
    assert load_recipe("instruct", None, ["optimizer.learning_rate=1e-4"]).optimizer == (
        recipe.optimizer.model_copy(update={"learning_rate": 1e-4})
    )


def test_a_resolved_recipe_reads_back(tmp_path: Path) -> None:
    recipe = load_recipe("pretrain", "tiny", ["name=other", "lora.targets=all-linear"])
    file = tmp_path / "recipe.yaml"
    file.write_text(recipe.as_yaml(), "utf-8")
    assert load_recipe("pretrain", str(file)) == recipe


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("lora.rnk=2", "lora.rnk: no such key"),
        ("lorra={}", "lorra: no such key"),
        ("lora.rank=two", "lora.rank: Input should be a valid integer"),
        ("lora.dropout=1", "lora.dropout: Input should be less than 1"),
        ("dataset.share=0", "dataset.share: Input should be greater than 0"),
        ("dataset.name=null", "dataset: give a name, or several sets"),
        ("batch=3", "batch: Input should be a valid dictionary"),
        (
            "preparation.method=mixed",
            "preparation.method: Input should be 'packed', 'padded_paper' or",
        ),
        ("tracking.to=[excel]", "tracking.to.0: Input should be 'trackio'"),
        ("name=../other", "name: String should match pattern"),
        ("lora.rank", "write it as KEY=VALUE"),
        ("lora.rank=[", "not YAML that can be read"),
    ],
)
def test_a_mistake_is_one_line(change: str, line: str) -> None:
    with pytest.raises(GaokerenaError) as raised:
        load_recipe("pretrain", None, [change])
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("- a list", "keys and values are needed"),
        ("a: [1", "not YAML that can be read"),
        ("stage: instruct", "is for `gaokerena train instruct`, not pretrain"),
        ("lora: {rank: 0}", "lora.rank: Input should be greater than or equal to 1"),
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, content: str, line: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(GaokerenaError) as raised:
        load_recipe("pretrain", str(file))
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_recipe_that_is_not_there() -> None:
    with pytest.raises(
        GaokerenaError, match="shipped are instruct, prefer, prefer_paper, pretrain, tiny"
    ):
        load_recipe("pretrain", "huge")
    assert shipped_recipes() == ["instruct", "prefer", "prefer_paper", "pretrain", "tiny"]
    assert all((SHIPPED / f"{name}.yaml").is_file() for name in shipped_recipes())


def test_the_command_takes_what_the_library_takes() -> None:
    result = CliRunner().invoke(app, ["train", "pretrain", "--set", "lora.rnk=2"])
    assert isinstance(result.exception, GaokerenaError)
    assert "lora.rnk: no such key" in str(result.exception)
    result = CliRunner().invoke(app, ["train", "instruct", "--recipe", "pretrain"])
    assert "gaokerena train pretrain" in str(result.exception)
