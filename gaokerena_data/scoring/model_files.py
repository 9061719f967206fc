"""Scorers on disk: a folder with `scorer.json` and `scorer.safetensors`, and nothing that is run.

A folder that somebody else made is believed in nothing: names, shapes and numbers are looked at
before any is used.
"""

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.scoring.features import FEATURES, Vocabulary
from gaokerena_data.scoring.grams import SIDES
from gaokerena_data.scoring.pair_signals import signal_names
from gaokerena_data.scoring.scored_fields import CLASSES, NUMBERS
from gaokerena_data.scoring.scorer import Curve, Heads, Scorer
from gaokerena_data.workspace import atomic_file

DESCRIPTION, WEIGHTS = "scorer.json", "scorer.safetensors"
PACKAGED = "packaged"
_FORMAT = "gaokerena-scorer@1"
_MOST_BYTES = 64 << 20  # of a file; what we make has a few million
_MOST_RARITY = 1 << 20

type Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Description(BaseModel):
    """scorer.json."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: str
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}-scorer@[0-9]{1,6}$")]
    features: str
    signals: list[str]
    heads: Annotated[list[str], Field(max_length=1_000)]
    curves: dict[str, tuple[list[Finite], list[Finite]]]
    weights: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    made_of: dict[str, Any]


def write_scorer(scorer: Scorer, folder: Path, made_of: dict[str, Any]) -> None:
    """Write a scorer's two files: the same scorer, the same bytes.

    Args:
        scorer: what to write.
        folder: need not exist.
        made_of: what it was trained from, for whoever reads the file.
    """
    heads = scorer.heads
    tensors: dict[str, np.ndarray] = {"signals": heads.signals, "biases": heads.biases}
    for side in SIDES:
        vocabulary, weights = scorer.vocabularies[side], heads.grams[side]
        # Most grams say nothing of most classes.
        rows, columns = np.nonzero(weights)
        tensors |= {
            f"{side}.hashes": vocabulary.hashes,
            f"{side}.rarity": vocabulary.rarity.astype(np.int32),
            f"{side}.rows": rows.astype(np.int32),
            f"{side}.columns": heads.listening[side][columns].astype(np.int16),
            f"{side}.weights": weights[rows, columns],
        }
    content = save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)})
    description = _Description(
        format=_FORMAT,
        name=scorer.name,
        features=FEATURES,
        signals=list(signal_names()),
        heads=list(heads.names),
        curves={
            name: (curve.at.tolist(), curve.values.tolist())
            for name, curve in scorer.curves.items()
        },
        weights=hashlib.sha256(content).hexdigest(),
        made_of=made_of,
    )
    with atomic_file(folder / WEIGHTS) as part:
        part.write_bytes(content)
    told = json.dumps(description.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
    with atomic_file(folder / DESCRIPTION) as part:
        part.write_text(told + "\n", "utf-8")


def packaged_folder(dataset: str) -> Path | None:
    """The folder of the scorer that comes with this package; None where a dataset has none."""
    folder = Path(str(resources.files("gaokerena_data.scoring"))) / "models" / dataset
    return folder if (folder / DESCRIPTION).is_file() else None


def scorer_digest(folder: Path) -> str:
    """A digest of a scorer's files: another model, another digest.

    Raises:
        GaokerenaError: one of them cannot be read.
    """
    digest = hashlib.sha256()
    for name in (DESCRIPTION, WEIGHTS):
        digest.update(hashlib.sha256(_content(folder / name)).digest())
    return digest.hexdigest()


def read_scorer(folder: Path) -> Scorer:
    """Read a scorer.

    Raises:
        GaokerenaError: a file is missing, damaged, of other features, or holds what no scorer may.
    """
    return _read(folder, scorer_digest(folder))


@cache
def _read(folder: Path, _digest: str) -> Scorer:
    file = folder / DESCRIPTION
    try:
        described = _Description.model_validate_json(_content(file))
        content = _content(folder / WEIGHTS)
        _check(described, content)
        return _scorer(described, load(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"{where}: {first['msg']}" if where else first["msg"]
    except (ValueError, KeyError, TypeError, OverflowError, SafetensorError) as error:
        reason = reason_of(error)
    raise GaokerenaError(
        f"{file}: no scorer of this version ({reason[:200]}); train it again with "
        "`gaokerena annotate train`"
    ) from None


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise GaokerenaError(
                f"{file}: larger than {_MOST_BYTES >> 20} MiB, which no scorer is; name another "
                "folder"
            )
        return file.read_bytes()
    except OSError as error:
        raise GaokerenaError(
            f"{file}: cannot be read ({error.strerror}); a scorer's folder holds {DESCRIPTION} "
            f"and {WEIGHTS}"
        ) from None


def _check(described: _Description, weights: bytes) -> None:
    """Refuse what another version made, or a description that leaves a score out."""
    if hashlib.sha256(weights).hexdigest() != described.weights:
        raise ValueError(f"{WEIGHTS} is not the one that it describes")
    if described.format != _FORMAT:
        raise ValueError(f"its format is not {_FORMAT}")
    if described.features != FEATURES or described.signals != list(signal_names()):
        raise ValueError("it was trained on other features")
    heads = described.heads
    if len(set(heads)) != len(heads) or not set(NUMBERS) <= set(heads):
        raise ValueError("its heads lack a score, or have one twice")
    if set(described.curves) != set(NUMBERS):
        raise ValueError("its curves are not those of the scores")
    for name in CLASSES:
        if not any(head.startswith(f"{name}:") for head in heads):
            raise ValueError(f"it has no class of {name}")
    for name, (at, values) in described.curves.items():
        if not at or len(at) != len(values) or sorted(at) != at or sorted(values) != values:
            raise ValueError(f"the curve of {name} does not rise")


def _scorer(described: _Description, tensors: dict[str, np.ndarray]) -> Scorer:
    heads = len(described.heads)
    vocabularies, grams = {}, {}
    for side in SIDES:
        hashes = _tensor(tensors, f"{side}.hashes", np.uint64, None)
        rarity = _tensor(tensors, f"{side}.rarity", np.int32, (len(hashes),)).astype(np.int64)
        if not len(hashes) or (hashes[1:] <= hashes[:-1]).any():
            raise ValueError(f"{side}.hashes do not rise")
        if rarity.min() < 1 or rarity.max() > _MOST_RARITY:
            raise ValueError(f"{side}.rarity is out of range")
        vocabularies[side] = Vocabulary(hashes, rarity)
        weights = _tensor(tensors, f"{side}.weights", np.int32, None)
        rows = _tensor(tensors, f"{side}.rows", np.int32, weights.shape)
        columns = _tensor(tensors, f"{side}.columns", np.int16, weights.shape)
        if len(weights) and not (
            0 <= rows.min() <= rows.max() < len(hashes)
            and 0 <= columns.min() <= columns.max() < heads
        ):
            raise ValueError(f"{side}.weights stand where there is no gram or no head")
        grams[side] = np.zeros((len(hashes), heads), np.int32)
        grams[side][rows, columns] = weights
    signals = _tensor(tensors, "signals", np.float64, (len(signal_names()), heads))
    biases = _tensor(tensors, "biases", np.float64, (heads,))
    if not (np.isfinite(signals).all() and np.isfinite(biases).all()):
        raise ValueError("a weight is no number")
    curves = {
        name: Curve(np.array(at, np.float64), np.array(values, np.float64))
        for name, (at, values) in described.curves.items()
    }
    models = Heads.of(tuple(described.heads), grams, signals, biases)
    return Scorer(described.name, vocabularies, models, curves)


def _tensor(
    tensors: dict[str, np.ndarray], name: str, kind: type, shape: tuple[int, ...] | None
) -> np.ndarray:
    found = tensors[name]
    if found.dtype != kind or found.ndim != len(shape or (0,)) or (shape and found.shape != shape):
        raise ValueError(f"{name} has another shape or type")
    return found
