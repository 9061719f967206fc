"""The model that is exported: a folder of whole weights, whatever it was given as."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.repository import REPOSITORY_ID
from training.home.quantization import slab_rows
from training.models.adapters import adapter_chain, is_adapter
from training.models.located import folder_digest
from training.models.pretrained import load


@dataclass(frozen=True, slots=True)
class Source:
    """Where the weights lie.

    Attributes:
        folder: with config.json, tokenizer and safetensors files.
        name: what files are called after.
        digest: the Hub's commit, or the sha256 over the folder's files.
    """

    folder: Path
    name: str
    digest: str


@contextmanager
def open_source(model: str, beside: Path, base: str | None = None) -> Iterator[Source]:
    """A model's folder; adapters are merged into a folder of their own, which goes afterwards.

    Args:
        model: a merged model's folder, a run or adapter folder, or a Hub repository.
        beside: where such a folder is written.
        base: for an adapter, another base than the one it names.

    Raises:
        GaokerenaError: there is no such model.
    """
    path = Path(model)
    name = re.sub(r"[^\w.-]", "-", path.resolve().name if path.exists() else path.name)
    if is_adapter(path):
        with tempfile.TemporaryDirectory(prefix=".merged.", dir=beside) as merged:
            _merge(path, Path(merged), base)
            yield Source(Path(merged), name, folder_digest(Path(merged)))
    elif path.is_dir():
        if not (path / "config.json").is_file():
            raise GaokerenaError(f"{path} holds no model: it has no config.json")
        yield Source(path, name, folder_digest(path))
    elif REPOSITORY_ID.fullmatch(model) and not model.startswith("."):
        from huggingface_hub import snapshot_download

        with explained(model):
            snapshot = Path(snapshot_download(model, ignore_patterns=["*.gguf", "*.bin", "*.pth"]))
        yield Source(snapshot, name, snapshot.name)
    else:
        raise GaokerenaError(f"{model} is neither a folder nor a repository of the Hub")


def _merge(run: Path, folder: Path, base: str | None) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from training.models.merge_target import attach

    chain = adapter_chain(run)
    name = base or chain[0].base_model
    model = load(AutoModelForCausalLM, name, dtype="auto")
    for adapter in chain:
        model = attach(model, adapter).merge_and_unload()
    model.save_pretrained(folder)
    last = chain[-1].folder
    own = (last / "tokenizer_config.json").is_file()
    load(AutoTokenizer, str(last) if own else name).save_pretrained(folder)


class Weights:
    """The tensors of a folder, read a few rows at a time."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Open its safetensors files.

        Raises:
            GaokerenaError: it has none.
        """
        from safetensors import safe_open

        files = sorted(folder.glob("*.safetensors"))
        if not files:
            raise GaokerenaError(f"{folder} has no weights in safetensors")
        self._slices: dict[str, Any] = {}
        for file in files:
            opened = stack.enter_context(safe_open(file, framework="pt"))
            self._slices |= {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118

    def names(self) -> list[str]:
        """Their names, sorted."""
        return sorted(self._slices)

    def shape(self, name: str) -> tuple[int, ...]:
        """Of a tensor."""
        return tuple(self._slices[name].get_shape())

    def whole(self, name: str) -> np.ndarray:
        """A tensor, float32."""
        found: np.ndarray = self._slices[name][:].float().numpy()
        return found

    def slabs(self, name: str) -> Iterator[np.ndarray]:
        """The rows of a matrix in pieces, float32, shape (some, values of a row)."""
        rows, values = self.shape(name)
        step = slab_rows(values)
        for start in range(0, rows, step):
            yield self._slices[name][start : start + step].float().numpy()
