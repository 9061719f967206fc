"""Settings: the tables of gaokerena.toml, validated with named errors.

Each rule states the keys that it reads beside itself (`curate/rules`); here are those that every
dataset has, and what they are made of.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gaokerena_data.datasets.declaration import REVIEW, Declaration
from gaokerena_data.datasets.toml_files import first_problem, read_toml
from gaokerena_data.datasets.workspace_files import REPOSITORY
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.nested import overlaid
from gaokerena_data.workspace import Workspace

type Share = Annotated[float, Field(ge=0, le=1)]
type Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
type Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]

# Whose thresholds a dataset has that states none, by its kind.
_PACKAGED = {
    "article": "medical_corpus",
    "question_answer": "mf3qa",
    "preference_pair": "preference_pairs",
    "chain_of_thought": "reasoning_chains",
}


# Words of an answer, where no scorer tells good short answers from others: the paper's floor.
_UNSCORED_FLOOR = 45


class Settings(BaseModel):
    """Keys of a dataset's table."""

    # An unknown key is a spelling mistake whose threshold would silently not apply.
    # Nor is "20" a number, or true one.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NearDuplicates(Settings):
    """How near-duplicates are found: MinHash over word shingles, verified by true Jaccard."""

    threshold: Share
    shingle_words: Positive
    bands: Positive
    rows: Positive
    seed: Count


class ReviewSettings(Settings):
    """How reviewers' conflicts are settled."""

    rule: Literal["majority", "senior", "ask_again"]
    senior: list[str]


class Review(Settings):
    """How it is settled between reviewers; a rule reads this too."""

    review: ReviewSettings


class Generalize(Settings):
    """What patients say of themselves that is published coarser than they said it."""

    age: bool = False
    city: bool = False


class DatasetSettings(Settings):
    """What every dataset states, whatever its rules."""

    repository: Annotated[str, Field(pattern=REPOSITORY)]
    sources: list[str]
    near_duplicates: NearDuplicates
    max_source_loss: Share | None = None
    attributed_sources: list[str] | None = None
    generalize: Generalize | None = None

    @model_validator(mode="after")
    def _know_attributed(self) -> Self:
        if unknown := set(self.attributed_sources or ()).difference(self.sources):
            raise ValueError(f"attributed_sources: {min(unknown)} is none of its sources")
        return self


def default_table(declaration: Declaration) -> dict[str, Any]:
    """The packaged thresholds of a dataset; of one that has none, those of its kind's packaged one.

    Where a workspace's dataset leaves rules out, keys that nobody reads are among them.
    """
    packaged = tomllib.loads(files("gaokerena_data").joinpath("gaokerena.toml").read_text("utf-8"))
    own: dict[str, Any]
    if declaration.name in packaged:
        own = packaged[declaration.name]
    else:
        own = packaged[_PACKAGED[declaration.kind.name]]
        # Floors of the packaged dataset's own sources, and one that its scorer made possible.
        own["min_answer_words_of"] = {}
        if "min_answer_words" in own:
            own["min_answer_words"] = _UNSCORED_FLOOR
        # Needed wherever there are such splits, or reviewers, whatever the kind.
        mf3qa = packaged[_PACKAGED["question_answer"]]
        own = {"split": mf3qa["split"]} | own | {"review": mf3qa["review"]}
    return own | {
        "repository": declaration.repository,
        "sources": list(declaration.sources),
        "languages": [declaration.language],
    }


def own_table(declaration: Declaration, workspace: Workspace) -> dict[str, Any]:
    """What the declaration and the workspace's gaokerena.toml say beside the packaged thresholds.

    Raises:
        GaokerenaError: a file that is no TOML.
    """
    return overlaid(declaration.thresholds, _config_table(declaration, workspace))


def settings_of[M: BaseModel](
    model: type[M], declaration: Declaration, workspace: Workspace, table: Mapping[str, Any]
) -> M:
    """The thresholds of a dataset, laid over each other, as what they must be.

    Raises:
        GaokerenaError: a key that is unknown or missing, or a value out of range, by its name and
            by the file that has it.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        path = error.errors()[0]["loc"]
        declared = workspace.declarations / f"{declaration.name}.toml"
        if declared.is_file() and not _has(_config_table(declaration, workspace), path):
            raise GaokerenaError(f"{declared}: {first_problem(error, 'thresholds')}") from None
        problem = first_problem(error, declaration.name)
        raise GaokerenaError(f"{workspace.config_file}: {problem}") from None


def _config_table(declaration: Declaration, workspace: Workspace) -> dict[str, Any]:
    file = workspace.config_file
    table: dict[str, Any] = read_toml(file).get(declaration.name, {}) if file.exists() else {}
    # Which rules there are is no threshold of one: the declaration has them already.
    return {key: value for key, value in table.items() if key != "steps"}


def _has(table: Any, path: Sequence[int | str]) -> bool:
    """Whether a table says anything at a path of keys."""
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def review_settings(declaration: Declaration, workspace: Workspace) -> ReviewSettings:
    """How it is settled between a dataset's reviewers.

    Raises:
        GaokerenaError: the dataset is not reviewed, or gaokerena.toml is not right.
    """
    if not declaration.is_reviewed:
        raise GaokerenaError(
            f"{declaration.name}: its rows are not reviewed, since {REVIEW} is none of its steps"
        )
    table = overlaid(default_table(declaration), own_table(declaration, workspace))
    return settings_of(Review, declaration, workspace, {"review": table["review"]}).review
