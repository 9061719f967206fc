"""What the tests of training share."""

from collections.abc import Callable
from pathlib import Path

import datasets
import pytest

from gaokerena_data.workspace import Workspace
from tests.training.texts import write_corpus, write_pairs
from tests.training.tiny_models import write_base
from training.runs.recipe import Recipe, Stage, load_recipe

SMALL = (
    "preparation.context=128",
    "batch.accumulation=2",
    "tracking.every=1",
    "checkpoints.every=2",
    "gradient_checkpointing=false",
)

type MakeRecipe = Callable[..., Recipe]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Datasets are cached in the tests' own folder."""
    folder = tmp_path_factory.getbasetemp() / "datasets-cache"
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", folder)


@pytest.fixture(scope="session")
def tiny_cohere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random model with its tokenizer."""
    return write_base(tmp_path_factory.mktemp("models") / "tiny-cohere")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of forty articles."""
    return write_corpus(tmp_path_factory.mktemp("releases") / "medical_corpus", 40)


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of forty questions with their answers."""
    return write_pairs(tmp_path_factory.mktemp("releases") / "mf3qa", 40)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def make_recipe(tiny_cohere: Path, corpus: Path, pairs: Path) -> MakeRecipe:
    """The stage's shipped recipe on the tiny model and the small releases, with changes."""

    def make(stage: Stage, *changes: str) -> Recipe:
        dataset = corpus if stage == "pretrain" else pairs
        ground = (f"model.name={tiny_cohere}", f"dataset.name={dataset}", *SMALL)
        return load_recipe(stage, None, [*ground, *changes])

    return make
