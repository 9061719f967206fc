"""What adapters are merged into: a language model, or the language tower of a vision model."""

import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.failures import explained
from training.models.adapters import Adapter
from training.models.located import ADAPTER_FILES
from training.models.pretrained import load
from training.models.towers import (
    differences,
    language_tower,
    refuse_other_shapes,
    refuse_other_tokens,
)

_SHARD = "5GB"  # what the Hub's readers fetch side by side
_PROCESSOR = (
    "tokenizer*", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
    "chat_template*", "preprocessor_config.json", "processor_config.json",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """The model that adapters were trained on.

    Args:
        name: folder or Hub id.
        revision: its commit on the Hub, None for a folder.
        digest: of a folder's files, None on the Hub.
    """

    name: str
    revision: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """Args are made by `open_target`.

    Args:
        model: what is saved.
        layers: what gets the update: the model itself, or its language tower.
        tokenizer: what the adapters were trained with.
        vision: the vision model's name, None for a language model.
        tower: how its tower differs from the base, apart from the weights.
    """

    model: Any
    layers: Any
    tokenizer: Any
    vision: str | None
    tower: dict[str, Any] | None

    def outside(self) -> dict[str, torch.Tensor]:
        """Copies of what must not change: all parameters of a vision model outside its tower."""
        if self.vision is None:
            return {}
        inside = {id(value) for value in self.layers.parameters()}
        return {
            name: value.detach().clone()
            for name, value in self.model.named_parameters()
            if id(value) not in inside
        }

    def save(self, folder: Path) -> None:
        """Write weights, configuration, tokenizer and chat template."""
        self.model.save_pretrained(folder, max_shard_size=_SHARD)
        if self.vision is None:
            self.tokenizer.save_pretrained(folder)
        else:
            _copy_processor(self.vision, folder)


def open_target(base: Base, last: Adapter, vision: str | None, dtype: Any) -> Target:
    """Load what is merged into, and make sure that the adapters belong there.

    Args:
        base: the model that they were trained on; only its configuration is read for a vision
            model.
        last: its tokenizer and chat template are taken where it has its own.
        vision: a vision model to merge into instead of the base.
        dtype: of the weights; "auto" for the model's own.

    Raises:
        GaokerenaError: something cannot be loaded, or has other shapes or tokens.
    """
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText, AutoTokenizer

    if (last.folder / "tokenizer_config.json").is_file():
        tokenizer = load(AutoTokenizer, str(last.folder))
    else:
        tokenizer = load(AutoTokenizer, base.name, revision=base.revision)
    if vision is None:
        model = load(AutoModelForCausalLM, base.name, revision=base.revision, dtype=dtype)
        rows = model.get_input_embeddings().weight.shape[0]
        if len(tokenizer) > rows:
            raise GaokerenaError(
                f"the tokenizer has {len(tokenizer):,} tokens, {base.name} only {rows:,} "
                "embeddings: this is not the base of these adapters"
            )
        return Target(model, model, tokenizer, None, None)
    model = load(AutoModelForImageTextToText, vision, dtype=dtype)
    layers = language_tower(model, vision)
    return Target(model, layers, tokenizer, vision, _compared(base, layers, tokenizer, vision))


def attach(layers: Any, adapter: Adapter, name: str = "default") -> Any:
    """The layers with an adapter on them, every tensor of it in its place.

    Raises:
        GaokerenaError: it was made for another model.
    """
    from peft import PeftModel, get_peft_model_state_dict
    from safetensors import safe_open

    try:
        with warnings.catch_warnings():
            # peft only warns of tensors without a place, and names all of them; refused below
            warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
            attached = PeftModel.from_pretrained(layers, str(adapter.folder), adapter_name=name)
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise GaokerenaError(f"{adapter.name} does not fit its base: {reason}") from error
    placed = get_peft_model_state_dict(attached, adapter_name=name, save_embedding_layers=False)
    with safe_open(adapter.folder / ADAPTER_FILES[1], "pt") as stored:
        lost = sorted(placed.keys() ^ set(stored.keys()))
    if lost:
        raise GaokerenaError(
            f"{adapter.name} does not fit its base: {len(lost)} tensors have no counterpart, "
            f"such as {lost[0]}"
        )
    return attached


def _compared(base: Base, layers: Any, tokenizer: Any, vision: str) -> dict[str, Any]:
    from transformers import AutoConfig, AutoTokenizer

    config = load(AutoConfig, base.name, revision=base.revision)
    refuse_other_shapes(config, base.name, layers, vision)
    return {
        "tokens_of_one_only": refuse_other_tokens(tokenizer, load(AutoTokenizer, vision), vision),
        "configuration": differences(config, layers.config),
    }


def _copy_processor(vision: str, part: Path) -> None:
    """Copy a vision model's tokenizer, chat template and preparation of images, as they are."""
    folder = Path(vision)
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        with explained(vision):
            folder = Path(snapshot_download(vision, allow_patterns=list(_PROCESSOR)))
    for pattern in _PROCESSOR:
        for file in sorted(folder.glob(pattern)):
            shutil.copyfile(file, part / file.name)
