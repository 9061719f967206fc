"""The YAML in front of a card, made from the release and held against the Hub's own lists."""

import json
import re
from importlib.resources import files
from typing import Any

import pyarrow as pa
import yaml

from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.folder import config_folder
from gaokerena_data.release.inputs import Tables

# The Hub's own size classes, by their upper bounds.
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
# What is left of a template that was not filled in; braces alone also stand in honest BibTeX.
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}(?!\s*$)|\{%|More Information Needed|\bTODO\b|\bTBD\b|\bXXX\b|lorem ipsum|"
    r"\bUndefined\b|\bNone\b|\bnan\b"
)


def make_metadata(declaration: Declaration | Benchmark, tables: Tables) -> dict[str, Any]:
    """The metadata of a release: what it is, and where each split lies.

    Args:
        declaration: what is released.
        tables: config -> split -> published table.
    """
    about = declaration.about
    counted = tables["default"] if "default" in tables else dict(_all_splits(tables))
    rows = sum(table.num_rows for table in counted.values())
    configs = [_config(config, list(splits)) for config, splits in tables.items()]
    if "default" not in tables:
        # Whoever names no config gets all of them, each row with the config it is of.
        configs.insert(0, {"config_name": "all", "data_files": [_file("*", "test")]})
    configs[0]["default"] = True
    metadata = {
        "language": [declaration.language],
        "license": declaration.licence,
        "pretty_name": declaration.title,
        "tags": list(about.tags),
        "annotations_creators": [about.annotations],
        "language_creators": [about.language_creators],
        "multilinguality": [about.multilinguality],
        "source_datasets": [about.source_datasets],
        "size_categories": [size_category(rows)],
        "task_categories": list(about.tasks),
        "task_ids": list(about.task_ids),
        "configs": configs,
        "dataset_info": _info(tables),
    }
    check_metadata(metadata)
    return metadata


def size_category(rows: int) -> str:
    """The Hub's size class of so many rows."""
    return next(name for bound, name in _SIZES if rows < bound)


def split_sizes(splits: dict[str, pa.Table]) -> list[dict[str, Any]]:
    """The splits of a config as `dataset_info` counts them."""
    return [
        {"name": split, "num_bytes": table.nbytes, "num_examples": table.num_rows}
        for split, table in splits.items()
    ]


def check_metadata(metadata: dict[str, Any]) -> None:
    """Hold a card's metadata against the Hub's lists.

    Raises:
        GaokerenaError: for a value that the Hub does not know, by its key.
    """
    lists = json.loads(files(__package__).joinpath("hub_lists.json").read_text("utf-8"))
    tasks = lists.pop("task_categories")
    known = {key: set(values) for key, values in lists.items() if isinstance(values, list)}
    known["task_categories"] = set(tasks)
    asked = metadata.get("task_categories", [])
    known["task_ids"] = {each for task in asked for each in tasks.get(task, [])}
    for key, values in known.items():
        given = metadata.get(key)
        if given is None or given == []:
            raise GaokerenaError(f"the card's metadata has no {key}")
        for value in given if isinstance(given, list) else [given]:
            if value not in values:
                raise GaokerenaError(f"the card's metadata: the Hub knows no {key} {value!r}")
    for config in metadata["configs"]:
        for file in config["data_files"]:
            if not re.fullmatch(r"\w+", file["split"]):
                raise GaokerenaError(f"the card's metadata: {file['split']!r} is no split's name")


def check_card(card: str) -> None:
    """Refuse a card with broken metadata or with a gap that nobody filled.

    Raises:
        GaokerenaError: names the first gap and its line.
    """
    try:
        _, head, body = card.split("---\n", 2)
        metadata = yaml.safe_load(head)
    except (ValueError, yaml.YAMLError) as error:
        raise GaokerenaError(f"the card's metadata cannot be read ({error})") from None
    check_metadata(metadata)
    for number, line in enumerate(body.splitlines(), start=head.count("\n") + 3):
        if found := _PLACEHOLDER.search(line):
            raise GaokerenaError(f"README.md:{number}: {found[0]!r} is a gap that was not filled")


def front_matter(metadata: dict[str, Any]) -> str:
    """The metadata as YAML."""
    return str(yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=100))


def _config(name: str, splits: list[str]) -> dict[str, Any]:
    folder = config_folder(name)
    return {"config_name": name, "data_files": [_file(folder, split) for split in splits]}


def _file(folder: str, split: str) -> dict[str, str]:
    return {"split": split, "path": f"{folder}/{split}-*"}


def _all_splits(tables: Tables) -> list[tuple[str, Any]]:
    return [
        (f"{config}/{split}", table)
        for config, splits in tables.items()
        for split, table in splits.items()
    ]


def _info(tables: Tables) -> list[dict[str, Any]]:
    from datasets import Features

    return [
        {
            "config_name": config,
            "features": Features.from_arrow_schema(
                next(iter(splits.values())).schema
            )._to_yaml_list(),
            "splits": split_sizes(splits),
        }
        for config, splits in tables.items()
    ]
