"""Pairs that are not trained on: their margins tell what was learnt beyond the others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.data_files import SUFFIXES
from training.dataset import read_rows
from training.held_out import held_out_sets
from training.preference.preparation import prepare_pairs
from training.runs.recipe import EvalSettings, Recipe


def prepare_held_out(
    recipe: Recipe, located: Mapping[str, Any], tokenizer: Any
) -> tuple[Any, dict[str, Any], list[str]]:
    """The pairs that the recipe holds out, what run.json says of them, and what people are told.

    Args:
        recipe: of the stage `prefer`.
        located: of `training.dataset.locate_dataset`.
        tokenizer: of the model.

    Returns:
        A `datasets.Dataset` of pairs, None where there is no such split; `held_out`: the `split`,
        the `pairs` that are measured, and each dataset's `sets`; and lines to be said before the
        start.

    Raises:
        GaokerenaError: the split is the one that is trained on, or no pair of it is left.
    """
    name = recipe.preference.held_out if recipe.preference else None
    if name is None:
        return None, {}, []
    if any(name in (each.split, each.name) for each in recipe.dataset.sets()):
        raise GaokerenaError(
            f"preference.held_out: {name} is what is trained on: name another one, or null"
        )
    file = Path(name).suffix.lower() in SUFFIXES
    settings = EvalSettings(name=name) if file else EvalSettings(split=name)
    found, stated = [], []
    for dataset, version in held_out_sets(recipe.dataset, settings, located):
        rows, facts = read_rows("prefer", dataset, version, recipe.seed)
        pairs, _ = prepare_pairs(rows, tokenizer, recipe.preparation.context)
        found.append(pairs)
        stated.append({"name": version["name"], "sha": version["sha"], **facts})
    if not found:
        told = f"preference.held_out: {located['name']} has no split {name}"
        return None, {}, [f"{told}: no margins are measured on pairs that are not trained on"]
    from datasets import concatenate_datasets

    together = concatenate_datasets(found)
    return together, {"held_out": {"split": name, "pairs": len(together), "sets": stated}}, []
