"""What can be told of a recipe before torch is imported: within a second, and in one line."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from training.dataset import check_rows, locate_dataset
from training.devices import refuse_sharded_quantization
from training.models.chat_template import (
    is_known,
    marks_answers,
    refuse_endless,
    refuse_unmarked,
)
from training.models.encoding import Encoder
from training.models.fit import refuse_more_tokens, refuse_unknown_targets
from training.models.located import find_model, locate_adapter, read_template
from training.runs.optimizer import require_optimizer
from training.runs.recipe import Recipe
from training.runs.run_folder import RunFolder
from training.runs.run_lock import refuse_if_training

_WEIGHTS, _INDEX = "model.safetensors", "model.safetensors.index.json"
_TOKENIZER, _TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"
_TEMPLATE = "chat_template.jinja"


def check_recipe(recipe: Recipe, workspace: Workspace) -> None:
    """Look up what a recipe names, and whether its parts belong together.

    Of a model in a folder all is checked; of one on the Hub, what needs no weights. What cannot
    be read here is checked again where it is loaded.

    Raises:
        GaokerenaError: a dataset, a model, an adapter or a template that is not there; a layer
            that the model does not have; a tokenizer with more tokens than the model; a template
            by which no end of turn is learnt; or somebody trains in this folder now.
    """
    run = RunFolder(workspace.run(recipe.name))
    if not run.finished:
        refuse_if_training(run.path)
    refuse_sharded_quantization(recipe)
    locate_dataset(recipe.dataset, run.begun)
    check_rows(recipe.stage, recipe.dataset)
    require_optimizer(recipe.optimizer)
    if recipe.stage == "prefer" and recipe.optimizer.neftune_alpha is not None:
        raise GaokerenaError(
            "optimizer.neftune_alpha: `train prefer` would add the noise to its reference too: "
            "leave it null"
        )
    if recipe.model.adapter is not None:
        locate_adapter(recipe.model.adapter, workspace)
    chosen = None
    if recipe.model.chat_template is not None:
        chosen = read_template(recipe.model.chat_template)
    files = _files(recipe, find_model(recipe.model))
    if recipe.lora.targets != "all-linear":
        refuse_unknown_targets(recipe.lora.targets, _tensors(files), recipe.model.name)
    if _TOKENIZER in files:
        stated = files[_TOKENIZER].read_text("utf-8")
        config = _object(files.get("config.json"))
        rows = config.get("vocab_size") or config.get("text_config", {}).get("vocab_size")
        refuse_more_tokens(_largest_id(stated), rows, recipe.model.name)
        if recipe.stage == "instruct":
            _check_template(files, stated, chosen, recipe.model.name)


def _check_template(files: dict[str, Path], stated: str, chosen: str | None, model: str) -> None:
    config = _object(files.get(_TOKENIZER_CONFIG))
    template = chosen or _template_of(files, config)
    if template is None:
        raise GaokerenaError(
            f"{model} has no chat template: give one with --set model.chat_template=FILE"
        )
    if marks_answers(template):
        refuse_endless(Encoder(_stand_in(stated, config, template)), template, model)
    elif not is_known(template):
        raise refuse_unmarked(model)


def _stand_in(stated: str, config: dict[str, Any], template: str) -> Any:
    """As much of a tokenizer as an encoder asks of one: the real one would import torch."""
    from tokenizers import Tokenizer

    backend = Tokenizer.from_str(stated)
    named = {key: value for key, value in config.items() if key.endswith("_token") and value}
    special = {
        key: value["content"] if isinstance(value, dict) else value
        for key, value in named.items()
        if isinstance(value, dict | str)
    }
    unknown = special.get("unk_token")
    return SimpleNamespace(
        backend_tokenizer=backend,
        special_tokens_map=special,
        unk_token_id=backend.token_to_id(unknown) if unknown else None,
        get_chat_template=lambda: template,
    )


def _template_of(files: dict[str, Path], config: dict[str, Any]) -> str | None:
    if _TEMPLATE in files:
        return files[_TEMPLATE].read_text("utf-8")
    stated = config.get("chat_template")
    if isinstance(stated, list):  # several by name
        stated = {each["name"]: each["template"] for each in stated}.get("default")
    return stated


def _files(recipe: Recipe, folder: Path | None) -> dict[str, Path]:
    """The model's small files that are there, by name; its weights only where they lie here."""
    names = ("config.json", _TOKENIZER, _TOKENIZER_CONFIG, _TEMPLATE, _INDEX)
    if folder is not None:
        return {name: folder / name for name in (*names, _WEIGHTS) if (folder / name).is_file()}
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    found = {}
    for name in names:
        try:
            where = hf_hub_download(recipe.model.name, name, revision=recipe.model.revision)
        except (EntryNotFoundError, HfHubHTTPError, OSError):  # told where it is loaded
            continue
        found[name] = Path(where)
    return found


def _tensors(files: dict[str, Path]) -> list[str]:
    if _INDEX in files:
        return list(_object(files[_INDEX]).get("weight_map", {}))
    if _WEIGHTS in files:
        with files[_WEIGHTS].open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            return [name for name in json.loads(file.read(length)) if name != "__metadata__"]
    return []


def _largest_id(stated: str) -> int:
    from tokenizers import Tokenizer

    return max(Tokenizer.from_str(stated).get_vocab(with_added_tokens=True).values())


def _object(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    content = json.loads(file.read_text("utf-8"))
    return content if isinstance(content, dict) else {}
