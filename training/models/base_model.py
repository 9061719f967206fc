"""The model that is trained: found, loaded, its parent adapter merged, quantized on request."""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.repository import REPOSITORY_ID
from gaokerena_data.workspace import Workspace, sha256_file
from training.models.pretrained import attention, dtype, load
from training.runs.recipe import ModelSettings

CHAT_TEMPLATES = files("training") / "chat_templates"
ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """A model and its parent adapter as they are now.

    Attributes:
        name: folder or repository.
        revision: the Hub's commit; None for a folder.
        digest: the Hub's commit, or the sha256 over a folder's files.
        adapter: folder of the parent adapter, if the recipe names one.
    """

    name: str
    revision: str | None
    digest: str
    adapter: Path | None


def locate_model(settings: ModelSettings, workspace: Workspace) -> LocatedModel:
    """Find the model and its parent adapter; no weight is loaded.

    Raises:
        GaokerenaError: one of them is not there, or the quantization cannot be had.
    """
    if settings.quantization is not None:
        _require_quantization(settings)
    adapter = None if settings.adapter is None else locate_adapter(settings.adapter, workspace)
    folder = Path(settings.name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise GaokerenaError(f"model.name: {folder} holds no model: it has no config.json")
        return LocatedModel(str(folder), None, folder_digest(folder), adapter)
    if settings.name.startswith(".") or not REPOSITORY_ID.fullmatch(settings.name):
        raise GaokerenaError(f"model.name: there is no folder {settings.name}")
    from huggingface_hub import HfApi

    with explained(settings.name):
        commit = HfApi().model_info(settings.name, revision=settings.revision).sha
    return LocatedModel(settings.name, commit, str(commit), adapter)


def locate_adapter(name: str, workspace: Workspace) -> Path:
    """The folder of an adapter: of a run of the workspace, of any folder, or of a repository.

    Raises:
        GaokerenaError: there is none of that name.
    """
    for folder in (workspace.run(name) / "adapter", Path(name), Path(name) / "adapter"):
        if (folder / ADAPTER_FILES[0]).is_file():
            return folder
    if REPOSITORY_ID.fullmatch(name) and not name.startswith("."):
        from huggingface_hub import snapshot_download

        with explained(name):
            return Path(snapshot_download(name))
    raise GaokerenaError(
        f"model.adapter: {workspace.run(name)} is no finished run, and {name} no adapter: train it "
        "first, or begin from the model itself with --set model.adapter=null"
    )


def folder_digest(folder: Path, names: tuple[str, ...] | None = None) -> str:
    """sha256 over the names and contents of a folder's files (not of its subfolders)."""
    chosen = sorted(p for p in folder.iterdir() if p.is_file() and (not names or p.name in names))
    stated = [[path.name, sha256_file(path)] for path in chosen]
    return hashlib.sha256(json.dumps(stated).encode()).hexdigest()


def load_tokenizer(located: LocatedModel, settings: ModelSettings) -> Any:
    """The tokenizer, with the recipe's chat template, a padding and an end token.

    Raises:
        GaokerenaError: it cannot be loaded, or has no end token.
    """
    from transformers import AutoTokenizer

    tokenizer = load(AutoTokenizer, located.name, revision=located.revision)
    if tokenizer.eos_token is None:
        raise GaokerenaError(f"{located.name}: its tokenizer has no end token")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if settings.chat_template is not None:
        tokenizer.chat_template = _read_template(settings.chat_template)
    return tokenizer


def answer_template(tokenizer: Any, where: str) -> str:
    """A chat template that marks the answers, so that they alone are learnt.

    It is the tokenizer's own where that marks them; else the one that trl holds for it (it has
    aya-expanse's).

    Raises:
        GaokerenaError: there is no chat template, or nobody knows how to mark its answers.
    """
    from trl.chat_template_utils import get_training_chat_template

    if tokenizer.chat_template is None:
        raise GaokerenaError(
            f"{where} has no chat template: give one with --set model.chat_template=FILE"
        )
    if "{% generation %}" in tokenizer.chat_template.replace("{%-", "{%").replace("-%}", "%}"):
        return str(tokenizer.chat_template)
    try:
        return str(get_training_chat_template(tokenizer))
    except ValueError:
        raise GaokerenaError(
            f"{where}: its chat template does not mark answers with "
            "{% generation %}: give one that does with --set model.chat_template=FILE"
        ) from None


def load_model(located: LocatedModel, settings: ModelSettings) -> Any:
    """The weights, in bf16 on CUDA and float32 elsewhere, with the parent adapter merged.

    Raises:
        GaokerenaError: it cannot be loaded, or the adapter was made for another model.
    """
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    options: dict[str, Any] = {}
    if settings.quantization == "4bit":
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype(),
        )
    model = load(
        AutoModelForCausalLM,
        located.name,
        revision=located.revision,
        dtype=dtype(),
        attn_implementation=attention(),
        **options,
    )
    if located.adapter is not None:
        model = _merge(model, located.adapter)
    if settings.quantization is not None:
        from peft import prepare_model_for_kbit_training

        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    return model


def _merge(model: Any, adapter: Path) -> Any:
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (ValueError, RuntimeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{adapter}: this adapter does not fit the model; it was made for another ({reason})"
        ) from error


def _require_quantization(settings: ModelSettings) -> None:
    import torch

    if not torch.cuda.is_available():
        raise GaokerenaError("model.quantization: 4bit needs a CUDA device, and there is none")
    if find_spec("bitsandbytes") is None:
        raise GaokerenaError(
            "model.quantization: 4bit needs bitsandbytes: pip install bitsandbytes"
        )
    if settings.adapter is not None:
        raise GaokerenaError(
            "model.quantization: an adapter cannot be merged into 4-bit weights without loss: "
            "merge it first (`gaokerena train merge`) and give the result as model.name"
        )


def _read_template(name: str) -> str:
    path = Path(name) if Path(name).suffix else Path(str(CHAT_TEMPLATES / f"{name}.jinja"))
    if not path.is_file():
        raise GaokerenaError(f"model.chat_template: there is no file {name}")
    return path.read_text("utf-8")
