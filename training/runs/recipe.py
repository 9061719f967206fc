"""Recipes: everything a training run is told, validated before anything is loaded."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.nested import overlaid

type Stage = Literal["pretrain", "instruct", "prefer"]
type Share = Annotated[float, Field(gt=0, le=1)]
type Positive = Annotated[int, Field(ge=1)]
type Name = Annotated[str, Field(pattern=r"^[\w.-]+$")]
type Optimizer = Literal["adamw_torch", "adamw_8bit", "paged_adamw_32bit", "paged_adamw_8bit"]
type Tracker = Literal["trackio", "tensorboard", "wandb"]

SHIPPED = files("training") / "recipes"


class _Table(BaseModel):
    # An unknown key is a spelling mistake whose value would silently not apply.
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelSettings(_Table):
    """The model that is trained, and what is done to it first.

    Attributes:
        name: a folder or a Hub repository.
        adapter: a run of the workspace, a folder or a Hub repository; merged before training.
        chat_template: a Jinja file, or the name of one in `training/chat_templates`.
        quantization: "4bit" is QLoRA (NF4, double quantization).
    """

    name: str
    revision: str | None
    adapter: str | None
    chat_template: str | None
    quantization: Literal["4bit"] | None


class MixedSettings(_Table):
    """One of several sets; what is null here is as in the table `dataset`.

    Attributes:
        name: a release folder, a Hub repository, or a file.
        weight: how many of all rows are its, against the others' weights.
    """

    name: str
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    revision: str | None = None
    config: str | None = None
    split: str | None = None
    share: Share | None = None
    pick: Literal["random", "first"] | None = None
    system: str | None = None


class DatasetSettings(_Table):
    """The rows that are trained on.

    Attributes:
        name: a release folder, a Hub repository, or a file; None where there is a mix.
        share: of the split's rows.
        pick: which they are: a seeded sample, or the first (the authors' `train[:60%]`).
        system: the system prompt of conversations that have none.
        mix: several sets instead of `name`.
        mix_until: see `training.mixing`.
    """

    name: str | None
    revision: str | None
    config: str | None
    split: str
    share: Share
    pick: Literal["random", "first"]
    system: str | None = None
    mix: list[MixedSettings] | None = None
    mix_until: Literal["first_exhausted", "all_exhausted"] = "first_exhausted"

    @model_validator(mode="before")
    @classmethod
    def _instead_of_name(cls, table: Any) -> Any:
        mixed = isinstance(table, dict) and table.get("mix")
        return {**table, "name": None, "revision": None, "config": None} if mixed else table

    @model_validator(mode="after")
    def _named(self) -> "DatasetSettings":
        if self.name is None and not self.mix:
            raise PydanticCustomError("name", "give a name, or several sets as dataset.mix")
        return self

    def sets(self) -> "list[DatasetSettings]":
        """The settings of each set, one or those of the mix."""
        alone: dict[str, Any] = {"mix": None}
        return [
            self.model_copy(update=alone | each.model_dump(exclude={"weight"}, exclude_none=True))
            for each in self.mix or []
        ] or [self]


class PreparationSettings(_Table):
    """How texts become sequences of `context` tokens: see `training.preparation`.

    Attributes:
        method: `padded` is that of preference pairs, and theirs alone.
    """

    method: Literal["packed", "padded_paper", "padded"]
    context: Annotated[int, Field(ge=8)]


class LoraSettings(_Table):
    """The adapter.

    Attributes:
        targets: names of linear layers, or "all-linear".
        rslora: divide alpha by the root of the rank, not by the rank.
        dora: learn the length of each weight's columns apart from their direction.
    """

    rank: Positive
    alpha: Positive
    dropout: Annotated[float, Field(ge=0, lt=1)]
    targets: list[str] | Literal["all-linear"]
    rslora: bool = False
    dora: bool = False


class PreferenceSettings(_Table):
    """How the better of two answers is preferred; of the stage `prefer` alone.

    Attributes:
        loss: `sigmoid` is DPO, the others by trl's names of them.
        beta: how dear it is to move away from the model that the stage began from.
        sft_weight: of the loss of the better answers themselves, in nats a token, beside it.
        held_out: the split, or a file, on whose pairs margins are measured; None: none.
        held_out_every: how often, in steps; at the last step too.
    """

    loss: Literal["sigmoid", "ipo", "hinge", "apo_zero", "sigmoid_norm"]
    beta: Annotated[float, Field(gt=0)]
    sft_weight: Annotated[float, Field(ge=0)]
    held_out: str | None
    held_out_every: Positive


class OptimizerSettings(_Table):
    """AdamW and its schedule.

    Attributes:
        name: transformers' own; all but the first are of bitsandbytes.
        warmup_share: of all steps.
        neftune_alpha: noise on the embeddings while training; None for none.
    """

    name: Optimizer = "adamw_torch"

    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Literal["cosine", "linear", "constant", "constant_with_warmup"]
    warmup_share: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: Annotated[float, Field(ge=0)]
    max_grad_norm: Annotated[float, Field(gt=0)]
    neftune_alpha: Annotated[float, Field(gt=0)] | None = None


class BatchSettings(_Table):
    """Sequences of one step: size x accumulation x processes."""

    size: Positive
    accumulation: Positive


class CheckpointsSettings(_Table):
    """How often one is written, in steps, and how many are kept."""

    every: Positive
    keep: Positive


class TrackingSettings(_Table):
    """How often metrics are written, in steps, and where to besides metrics.jsonl."""

    every: Positive
    to: list[Tracker]


class EvalSettings(_Table):
    """The loss on rows that are not trained on.

    Attributes:
        name: another dataset to take them from: a release, a repository or a file.
        split: of the dataset; where it has none, the run goes without.
        every: in steps, and at the last one.
        rows: at most so many, a sample drawn with the seed.
        patience: end the run after so many measurements without a lower loss; null: never.
        best: the adapter is that of the step with the lowest loss, not of the last step.
    """

    name: str | None = None
    split: str = "dev"
    every: Positive = 50
    rows: Positive = 500
    patience: Positive | None = None
    best: bool = True


class FootprintSettings(_Table):
    """What the paper's carbon formula takes: a region, and watts of one device.

    Attributes:
        kg_per_kwh: another factor than the one known for the region.
    """

    region: str
    watts: Annotated[float, Field(gt=0)]
    kg_per_kwh: Annotated[float, Field(gt=0)] | None = None


class Recipe(_Table):
    """Everything a run is told; `recipe.yaml` of its folder holds it whole."""

    stage: Stage
    name: Name
    model: ModelSettings
    dataset: DatasetSettings
    preparation: PreparationSettings
    lora: LoraSettings
    optimizer: OptimizerSettings
    batch: BatchSettings
    epochs: Annotated[float, Field(gt=0)]
    max_steps: Positive | None
    seed: Annotated[int, Field(ge=0)]
    gradient_checkpointing: bool
    checkpoints: CheckpointsSettings
    tracking: TrackingSettings
    footprint: FootprintSettings
    preference: PreferenceSettings | None = None
    eval: EvalSettings | None = None

    @field_validator("preparation", "preference")
    @classmethod
    def _of_its_stage(cls, value: Any, info: ValidationInfo) -> Any:
        stage = info.data.get("stage")
        if isinstance(value, PreparationSettings):
            allowed = ("padded",) if stage == "prefer" else ("packed", "padded_paper")
            if value.method not in allowed:
                raise PydanticCustomError(
                    "stage", f"method: `train {stage}` knows {' and '.join(allowed)} alone"
                )
        elif value is not None and stage != "prefer":
            raise PydanticCustomError("stage", "a table of `train prefer` alone")
        return value

    @field_validator("eval")
    @classmethod
    def _held_out(cls, value: EvalSettings | None, info: ValidationInfo) -> Any:
        if value is None or info.data.get("stage") == "prefer":
            return None  # pairs are measured by `preference.held_out`
        dataset = info.data.get("dataset")
        if (
            dataset
            and value.name is None
            and any(value.split == each.split for each in dataset.sets())
        ):
            raise PydanticCustomError(
                "split", "split: that is the one that is trained on: name another one, or set null"
            )
        return value

    def as_yaml(self) -> str:
        """The recipe as a file that `--recipe` reads."""
        return yaml.safe_dump(self.model_dump(), sort_keys=False, allow_unicode=True)


def load_recipe(stage: Stage, over: str | None = None, changes: Sequence[str] = ()) -> Recipe:
    """The recipe of a stage, with a file laid over it, and single keys over both.

    Args:
        stage: whose shipped recipe is the ground.
        over: a YAML file, or the name of a shipped recipe; it may hold only what differs.
        changes: `key=value` each, the key with dots (`lora.rank=4`), the value as YAML.

    Raises:
        GaokerenaError: no such recipe, no YAML, an unknown key or a wrong value, by its name.
    """
    merged = _read(str(SHIPPED / f"{stage}.yaml"))
    where = f"recipe {stage}"
    if over is not None:
        where = f"recipe {over}"
        file = Path(over) if Path(over).suffix else Path(str(SHIPPED / f"{over}.yaml"))
        if not file.is_file():
            raise GaokerenaError(
                f"{where}: there is no such file; shipped are {', '.join(shipped_recipes())}"
            )
        laid = _read(str(file))
        if laid.get("stage", stage) != stage:
            raise GaokerenaError(f"{where} is for `gaokerena train {laid['stage']}`, not {stage}")
        merged = overlaid(merged, laid)
    for change in changes:
        merged = overlaid(merged, _nested(change))
    try:
        return Recipe.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part not in _UNION_BRANCHES)
        message = "no such key" if first["type"] == "extra_forbidden" else first["msg"]
        raise GaokerenaError(f"{where}: {key}: {message}") from None


# What pydantic adds to a place where a value may be of two types.
_UNION_BRANCHES = ("list[str]", "literal['all-linear']", "constrained-int", "constrained-float")


def shipped_recipes() -> list[str]:
    """Names of the recipes in the package."""
    return sorted(file.name.removesuffix(".yaml") for file in SHIPPED.iterdir())


def _read(file: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(Path(file).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise GaokerenaError(f"{file}: not YAML that can be read ({reason})") from None
    if not isinstance(content, dict):
        raise GaokerenaError(f"{file}: keys and values are needed, as in the shipped recipes")
    return content


def _nested(change: str) -> dict[str, Any]:
    key, equals, value = change.partition("=")
    if not equals or not key.strip():
        raise GaokerenaError(f"--set {change}: write it as KEY=VALUE, lora.rank=4 for one")
    try:
        nested: Any = yaml.safe_load(value)
    except yaml.YAMLError:
        raise GaokerenaError(f"--set {change}: the value is not YAML that can be read") from None
    for part in reversed(key.strip().split(".")):
        nested = {part: nested}
    result: dict[str, Any] = nested
    return result
