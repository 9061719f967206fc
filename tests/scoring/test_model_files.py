"""A scorer's folder that somebody spoilt is told in one line, and nothing in it is believed."""

import hashlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.model_files import DESCRIPTION, WEIGHTS, packaged_folder, read_scorer


def describe(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    file = folder / DESCRIPTION
    told = json.loads(file.read_text("utf-8"))
    change(told)
    file.write_text(json.dumps(told), "utf-8")


def weigh(folder: Path, change: Callable[[dict[str, np.ndarray]], object]) -> None:
    """Other weights, with the digest that fits them."""
    tensors = load((folder / WEIGHTS).read_bytes())
    change(tensors)
    content = save(tensors)
    (folder / WEIGHTS).write_bytes(content)
    describe(folder, lambda told: told.update(weights=hashlib.sha256(content).hexdigest()))


def spoil(folder: Path, name: str, index: int, value: float) -> None:
    def change(tensors: dict[str, np.ndarray]) -> None:
        tensors[name] = tensors[name].copy()
        tensors[name].flat[index] = value

    weigh(folder, change)


class Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("it ran",))


SPOILT: dict[str, Callable[[Path], object]] = {
    "no description": lambda folder: (folder / DESCRIPTION).unlink(),
    "no weights": lambda folder: (folder / WEIGHTS).unlink(),
    "a pickle": lambda folder: (folder / WEIGHTS).write_bytes(pickle.dumps(Runs())),
    "half the weights": lambda folder: (folder / WEIGHTS).write_bytes(
        (folder / WEIGHTS).read_bytes()[:500]
    ),
    "no JSON": lambda folder: (folder / DESCRIPTION).write_text("{", "utf-8"),
    "deep JSON": lambda folder: (folder / DESCRIPTION).write_text("[" * 100_000, "utf-8"),
    "another key": lambda folder: describe(folder, lambda told: told.update(run="os.system")),
    "another format": lambda folder: describe(folder, lambda told: told.update(format="x@9")),
    "other features": lambda folder: describe(folder, lambda told: told.update(features="f@0")),
    "other signals": lambda folder: describe(folder, lambda told: told["signals"].pop()),
    "a name that is a path": lambda folder: describe(
        folder, lambda told: told.update(name="../../a-scorer@1")
    ),
    "no worth": lambda folder: describe(folder, lambda told: told["heads"].remove("worth")),
    "no curve": lambda folder: describe(folder, lambda told: told["curves"].pop("worth")),
    "a curve that falls": lambda folder: describe(
        folder, lambda told: told["curves"]["worth"][1].reverse()
    ),
    "a curve of nothing": lambda folder: describe(
        folder, lambda told: told["curves"].update(worth=[[], []])
    ),
    "NaN in a curve": lambda folder: describe(
        folder, lambda told: told["curves"]["worth"][0].__setitem__(0, float("nan"))
    ),
    "a row beyond": lambda folder: spoil(folder, "answer.rows", 0, 2**30),
    "a row before": lambda folder: spoil(folder, "answer.rows", 0, -1),
    "a head beyond": lambda folder: spoil(folder, "answer.columns", 0, 30_000),
    "hashes in disorder": lambda folder: spoil(folder, "answer.hashes", 0, 2**63),
    "nothing weighs": lambda folder: spoil(folder, "answer.rarity", 0, 0),
    "too heavy": lambda folder: spoil(folder, "question.rarity", 0, 2**30),
    "an endless bias": lambda folder: spoil(folder, "biases", 0, float("inf")),
    "no number": lambda folder: spoil(folder, "signals", 3, float("nan")),
    "a tensor less": lambda folder: weigh(folder, lambda tensors: tensors.pop("biases")),
    "another type": lambda folder: weigh(
        folder, lambda tensors: tensors.update(biases=np.zeros(3, np.float32))
    ),
    "a matrix": lambda folder: weigh(
        folder, lambda tensors: tensors.update({"answer.hashes": np.zeros((2, 2), np.uint64)})
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_folder_is_one_line(
    folder: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    SPOILT[how](folder)
    with pytest.raises(GaokerenaError) as told:
        read_scorer(folder)
    assert "\n" not in str(told.value)
    assert str(folder) in str(told.value)
    assert "it ran" not in capsys.readouterr().out


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    with (folder / WEIGHTS).open("r+b") as file:
        file.truncate(1 << 34)
    with pytest.raises(GaokerenaError, match="larger than 64 MiB"):
        read_scorer(folder)


def test_what_comes_with_the_package_can_be_read() -> None:
    folder = packaged_folder("mf3qa")
    assert folder is not None
    assert read_scorer(folder).name.startswith("mf3qa-scorer@")
    assert (folder / "README.md").is_file()
    assert packaged_folder("medical_corpus") is None
