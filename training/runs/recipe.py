"""Recipes: everything a training run is told, validated before anything is loaded."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.nested import overlaid

type Stage = Literal["pretrain", "instruct"]
type Share = Annotated[float, Field(gt=0, le=1)]
type Positive = Annotated[int, Field(ge=1)]
type Name = Annotated[str, Field(pattern=r"^[\w.-]+$")]
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


class DatasetSettings(_Table):
    """The published rows that are trained on.

    Attributes:
        name: a release folder or a Hub repository.
        share: of the split's rows.
        pick: which they are: a seeded sample, or the first (the authors' `train[:60%]`).
    """

    name: str
    revision: str | None
    config: str | None
    split: str
    share: Share
    pick: Literal["random", "first"]


class PreparationSettings(_Table):
    """How texts become sequences of `context` tokens: see `training.preparation`."""

    method: Literal["packed", "padded_paper"]
    context: Annotated[int, Field(ge=8)]


class LoraSettings(_Table):
    """The adapter. `targets` are names of linear layers, or "all-linear"."""

    rank: Positive
    alpha: Positive
    dropout: Annotated[float, Field(ge=0, lt=1)]
    targets: list[str] | Literal["all-linear"]


class OptimizerSettings(_Table):
    """AdamW and its schedule. `warmup_share` is a share of all steps."""

    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Literal["cosine", "linear", "constant", "constant_with_warmup"]
    warmup_share: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: Annotated[float, Field(ge=0)]
    max_grad_norm: Annotated[float, Field(gt=0)]


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


class FootprintSettings(_Table):
    """What the paper's carbon formula takes: a region, and watts of one device."""

    region: str
    watts: Annotated[float, Field(gt=0)]


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
