"""A model as GGUF files in a folder, with a Modelfile and what it says of itself."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file, make_folder, room_needed, sha256_file
from training.home.architectures import Architecture, read_architecture
from training.home.gguf_file import plan, write_gguf
from training.home.modelfile import read_turns, write_modelfile
from training.home.quantization import Mixture, check_quantization
from training.home.sources import Source, Weights, open_source
from training.home.vocabulary import read_vocabulary
from training.models.located import MERGE
from training.models.pretrained import load
from training.models.provenance import RUNS
from training.runs.json_files import read_json, write_json

EXPORT = "export.json"
_CONTEXT = 4096
_MARGIN = 2**20


@dataclass(frozen=True, slots=True)
class Exported:
    """One file.

    Attributes:
        path: of it.
        size: bytes.
        memory: bytes that it takes in use, with a conversation of 4,096 tokens.
    """

    path: Path
    size: int
    memory: int


def export(
    model: str,
    quantizations: Sequence[str],
    folder: Path,
    *,
    base: str | None = None,
    name: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> list[Exported]:
    """Write a model as GGUF, once for each quantization, and a Modelfile of the first.

    Args:
        model: a merged model's folder, a run or adapter folder, or a Hub repository.
        quantizations: of `QUANTIZATIONS`.
        folder: for the files; those of the same model that are there already stay.
        base: for an adapter, another base than the one it names.
        name: of the files; the model's own by default.
        say: told each step, one line; the sizes before anything is written.

    Raises:
        GaokerenaError: llama.cpp does not know such a model, there is no room, or the folder holds
            another model.
    """
    from transformers import AutoConfig, AutoTokenizer, GenerationConfig

    for each in quantizations:
        check_quantization(each)
    make_folder(folder)
    with open_source(model, folder, base) as found:
        source = Source(found.folder, name or found.name, found.digest)
        earlier = _earlier(folder, source)
        config = load(AutoConfig, str(source.folder))
        made = read_architecture(config, source.name)
        tokenizer = load(AutoTokenizer, str(source.folder), "the tokenizer of")
        ends = _ends(source.folder, config, GenerationConfig)
        vocabulary = read_vocabulary(tokenizer, config.vocab_size, ends, source.name)
        sizes = _sizes(source, made, quantizations)
        for each, size in sizes.items():
            say(f"{each}: {_gigabytes(size)} on disk, {_gigabytes(_memory(made, size))} in memory")
        _require_room(folder, sum(sizes.values()))
        files = []
        for each in quantizations:
            path = folder / f"{source.name}-{each.upper()}.gguf"
            say(f"writing {path}")
            with room_needed(folder, "no file was changed"):
                write_gguf(path, source, made, vocabulary, _mixture(each, made))
            files.append(Exported(path, path.stat().st_size, _memory(made, path.stat().st_size)))
        described = _described(source, made, files, earlier)
        _copy_papers(source.folder, folder)
        write_json(described, folder / EXPORT)
        turns = read_turns(tokenizer) if tokenizer.chat_template else None
        content = write_modelfile(
            files[0].path.name, turns, tokenizer.eos_token, "See the model's card for its licence."
        )
        with atomic_file(folder / "Modelfile") as part:
            part.write_text(content, "utf-8")
        return files


def _mixture(name: str, made: Architecture) -> Mixture:
    return Mixture(name, made.layers, made.tied)


def _ends(folder: Path, config: Any, kind: Any) -> list[int]:
    """By which tokens an answer ends."""
    stated = config.eos_token_id
    if (folder / "generation_config.json").is_file():
        stated = kind.from_pretrained(folder).eos_token_id or stated
    return stated if isinstance(stated, list) else [] if stated is None else [stated]


def _sizes(source: Source, made: Architecture, names: Sequence[str]) -> dict[str, int]:
    with ExitStack() as stack:
        weights = Weights(source.folder, stack)
        return {
            name: sum(each.size for each in plan(weights, made, _mixture(name, made), source.name))
            for name in names
        }


def _memory(made: Architecture, size: int) -> int:
    return size + made.cache_bytes(min(_CONTEXT, made.context))


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e8 else f"{size / 1e6:.2f} MB"


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + _MARGIN:
        raise GaokerenaError(
            f"{folder}: {_gigabytes(size)} are to be written and {_gigabytes(free)} are free: make "
            "room, or take fewer or smaller quantizations"
        )


def _earlier(folder: Path, source: Source) -> dict[str, Any]:
    if not (folder / EXPORT).is_file():
        return {}
    earlier = read_json(folder / EXPORT)
    if earlier["source"]["revision_or_digest"] != source.digest:
        raise GaokerenaError(
            f"{folder} holds files of another model ({earlier['source']['name']}): give another "
            "--folder, or remove it"
        )
    return earlier


def _described(
    source: Source, made: Architecture, files: Sequence[Exported], earlier: dict[str, Any]
) -> dict[str, Any]:
    stated = {each["name"]: each for each in earlier.get("files", [])}
    for each in files:
        stated[each.path.name] = {
            "name": each.path.name,
            "quantization": each.path.stem.rpartition("-")[2].lower(),
            "bytes": each.size,
            "memory_bytes": each.memory,
            "sha256": sha256_file(each.path),
        }
    return {
        "format": 1,
        "source": {"name": source.name, "revision_or_digest": source.digest},
        "architecture": made.config.model_type,
        "context": made.context,
        "memory_context": min(_CONTEXT, made.context),
        "files": sorted(stated.values(), key=lambda each: -int(each["bytes"])),
    }


def _copy_papers(source: Path, folder: Path) -> None:
    """What the runs and the merge say, for the card."""
    if (source / MERGE).is_file():
        shutil.copyfile(source / MERGE, folder / MERGE)
    if (source / RUNS).is_dir():
        shutil.copytree(source / RUNS, folder / RUNS, dirs_exist_ok=True)
