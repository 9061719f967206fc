"""The rows that a run trains on, and which version of them it is.

They are published ones (a release folder, a Hub repository), those of a file, or several such sets
mixed. Questions with answers stay in their two columns where nothing else is asked; conversations
of several turns, a system prompt and a mix are read as `messages`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gaokerena_data.datasets.kind import ARTICLE, QUESTION_ANSWER
from gaokerena_data.errors import GaokerenaError, reason_of
from gaokerena_data.hub.failures import explained
from gaokerena_data.hub.repository import REPOSITORY_ID
from gaokerena_data.workspace import sha256_file
from training.data_files import check_file, data_file, load_file, locate_file
from training.messages import MESSAGES, has_turns, read_conversation
from training.mixing import drawn_rows, rows_of_mix, shares_of_mix
from training.runs.json_files import read_json
from training.runs.recipe import DatasetSettings, Stage

COLUMNS: dict[Stage, tuple[str, ...]] = {
    "pretrain": ARTICLE.columns_of(ARTICLE.body),
    "instruct": QUESTION_ANSWER.columns_of(*QUESTION_ANSWER.texts),
    "prefer": ("prompt", "chosen", "rejected"),
}


def locate_dataset(
    settings: DatasetSettings, begun: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Which version of the dataset the name stands for now; no row is read.

    Args:
        settings: of the recipe.
        begun: run.json of the run that goes on: the commit of a repository that it was begun
            with is read again, whatever came since.

    Returns:
        `name`; `revision`, the version or tag; `sha`, the commit on the Hub, or the sha256 of a
        file or of a release folder's manifest. Of a mix also `sets`, the same of each with its
        `weight`; `sha` is over theirs.

    Raises:
        GaokerenaError: there is no such folder, file or repository.
    """
    if not settings.mix:
        return _locate_set(settings, begun)
    stated = (begun or {}).get("dataset", {}).get("sets", [])
    recipes = (begun or {}).get("recipe", {}).get("dataset", {}).get("mix") or []
    before = [
        {"dataset": located, "recipe": {"dataset": table}}
        for located, table in zip(stated, recipes, strict=True)
    ]
    pinned = before if len(before) == len(settings.mix) else [None] * len(settings.mix)
    found = [
        {**_locate_set(each, was), "weight": mixed.weight}
        for each, mixed, was in zip(settings.sets(), settings.mix, pinned, strict=True)
    ]
    return {
        "name": " + ".join(each["name"] for each in found),
        "revision": None,
        "sha": hashlib.sha256("\n".join(each["sha"] for each in found).encode()).hexdigest(),
        "sets": found,
    }


def check_rows(stage: Stage, settings: DatasetSettings) -> None:
    """Read the rows of files, so that what is wrong with one is told before a model is looked for.

    Raises:
        GaokerenaError: the first of them.
    """
    if settings.system is not None and stage != "instruct":
        raise GaokerenaError(f"dataset.system: `train {stage}` reads no conversations")
    for each in settings.sets():
        path = data_file(str(each.name))
        if path is not None:
            check_file(path, stage)


def _locate_set(settings: DatasetSettings, begun: Mapping[str, Any] | None) -> dict[str, Any]:
    name = str(settings.name)
    file = data_file(name)
    if file is not None:
        return locate_file(file, settings)
    folder = Path(name)
    if folder.is_dir():
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            raise GaokerenaError(f"dataset.name: {folder} is no release: it has no manifest.json")
        stated = read_json(manifest)
        return {
            "name": stated.get("dataset", folder.name),
            "revision": stated.get("version"),
            "sha": sha256_file(manifest),
        }
    if name.startswith(".") or not REPOSITORY_ID.fullmatch(name):
        raise GaokerenaError(f"dataset.name: there is no folder {name}")
    was = (begun or {}).get("recipe", {}).get("dataset", {})
    if begun and (was.get("name"), was.get("revision")) == (name, settings.revision):
        return {key: begun["dataset"][key] for key in ("name", "revision", "sha")}
    from huggingface_hub import HfApi

    with explained(name):
        found = HfApi().dataset_info(name, revision=settings.revision)
    return {"name": name, "revision": settings.revision, "sha": found.sha}


def read_rows(
    stage: Stage, settings: DatasetSettings, located: Mapping[str, Any], seed: int
) -> Any:
    """The rows of the recipe's share, in their order; of a mix, set after set.

    Args:
        stage: whose columns are needed.
        settings: of the recipe.
        located: of `locate_dataset`: exactly that version is read.
        seed: of the sample.

    Returns:
        A `datasets.Dataset`, and a dict of `config`, `split`, `rows`, `rows_used`, `fingerprint`;
        of a mix also `sets`, the same of each.

    Raises:
        GaokerenaError: no such config or split, a column that is missing, a row that is no
            conversation, or no row.
    """
    if not settings.mix:
        rows, facts = _read_set(stage, settings, located, seed, turns=settings.system is not None)
    else:
        rows, facts = _read_mix(stage, settings, located, seed)
    columns = columns_of(stage, rows.column_names)
    return rows, facts | {"fingerprint": rows_fingerprint(rows.select_columns(list(columns)))}


def columns_of(stage: Stage, found: Sequence[str]) -> tuple[str, ...]:
    """The columns of a `read_rows` that the stage trains on."""
    return (MESSAGES,) if stage == "instruct" and MESSAGES in found else COLUMNS[stage]


def _read_mix(
    stage: Stage, settings: DatasetSettings, located: Mapping[str, Any], seed: int
) -> tuple[Any, dict[str, Any]]:
    from datasets import concatenate_datasets

    sets = settings.sets()
    read = [
        _read_set(stage, each, at, seed, turns=stage == "instruct")
        for each, at in zip(sets, located["sets"], strict=True)
    ]
    weights = [each["weight"] for each in located["sets"]]
    counts = shares_of_mix([rows.num_rows for rows, _ in read], weights, settings.mix_until)
    parts, stated = [], []
    for place, ((rows, facts), count) in enumerate(zip(read, counts, strict=True)):
        first = sets[place].pick == "first"
        chosen = rows_of_mix(rows.num_rows, count, seed=seed + place, first=first)
        parts.append(rows.select_columns(list(columns_of(stage, rows.column_names))).select(chosen))
        stated.append({**located["sets"][place], **facts, "rows_used": count})
    return concatenate_datasets(parts), {
        "config": None,
        "split": ", ".join(dict.fromkeys(each.split for each in sets)),
        "rows": sum(each["rows"] for each in stated),
        "rows_used": sum(counts),
        "sets": stated,
    }


def _read_set(
    stage: Stage, settings: DatasetSettings, located: Mapping[str, Any], seed: int, *, turns: bool
) -> tuple[Any, dict[str, Any]]:
    rows = _load(stage, settings, located)
    conversations = stage == "instruct" and has_turns(rows.column_names)
    for column in () if conversations else COLUMNS[stage]:
        if column not in rows.column_names:
            raise GaokerenaError(
                f"dataset {settings.name} has no column {column!r}, which `train {stage}` reads: "
                f"it has {', '.join(rows.column_names)}"
            )
    used = pick_rows(rows.num_rows, settings, seed)
    if not used:
        raise GaokerenaError(f"dataset {settings.name}: no row is left of split {settings.split}")
    facts = {
        "config": settings.config or "default",
        "split": settings.split,
        "rows": rows.num_rows,
        "rows_used": len(used),
    }
    chosen = rows.select(used)
    if conversations or turns:
        chosen = _as_messages(chosen, used, settings)
    return chosen, facts


def _load(stage: Stage, settings: DatasetSettings, located: Mapping[str, Any]) -> Any:
    from datasets import load_dataset

    name = str(settings.name)
    file = data_file(name)
    if file is not None:
        return load_file(file, stage, located["sha"])
    is_folder = Path(name).is_dir()
    revision = None if is_folder else located["sha"]
    cache = _cache_of(Path(name)) if is_folder else None
    try:
        return load_dataset(
            name, settings.config, split=settings.split, revision=revision, cache_dir=cache
        )
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise GaokerenaError(f"dataset {name} cannot be loaded: {reason}") from error


def _cache_of(folder: Path) -> str:
    """A cache of the folder's own.

    That of `datasets` knows a folder by its last name and the names of its files alone: another
    release of the same name, or the same one made again, would give the rows of the first.
    """
    from datasets import config

    files = sorted(path for path in folder.resolve().rglob("*") if path.is_file())
    states = [(str(path), path.stat()) for path in files]
    stated = [(path, state.st_size, state.st_mtime_ns) for path, state in states]
    digest = hashlib.sha256(json.dumps(stated).encode()).hexdigest()
    return str(Path(config.HF_DATASETS_CACHE) / "release_folders" / digest[:32])


def _as_messages(rows: Any, used: Sequence[int], settings: DatasetSettings) -> Any:
    """Rows as conversations; where a row is a pair, one with an empty text is left out."""
    from datasets import Dataset, Features, Value

    pairs = () if has_turns(rows.column_names) else COLUMNS["instruct"]
    text = Value("string")

    def conversations() -> Iterator[dict[str, Any]]:
        for number, row in zip(used, rows, strict=True):
            if all((row[column] or "").strip() for column in pairs):
                where = f"dataset {settings.name}, row {number + 1}"
                yield {MESSAGES: read_conversation(row, where, settings.system)}

    return Dataset.from_list(
        list(conversations()),
        features=Features({MESSAGES: [{"role": text, "content": text}]}),
    )


def pick_rows(rows: int, settings: DatasetSettings, seed: int) -> list[int]:
    """Numbers of the rows of a share, in rising order."""
    count = round(settings.share * rows)
    return drawn_rows(rows, count, seed=seed, first=settings.pick == "first")


def rows_fingerprint(rows: Any) -> str:
    """Hash of the texts in their order: the same for a folder and for its copy on the Hub."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(list(row.values()), ensure_ascii=False).encode("utf-8"))
    return digest.hexdigest()
