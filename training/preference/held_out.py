"""Pairs that are not trained on: their margins tell what was learnt beyond the others."""

from collections.abc import Mapping
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.dataset import read_rows
from training.preference.preparation import prepare_pairs
from training.runs.recipe import Recipe


def prepare_held_out(
    recipe: Recipe, located: Mapping[str, Any], tokenizer: Any
) -> tuple[Any, dict[str, Any]]:
    """The pairs of the split that the recipe holds out, and what run.json says of them.

    Args:
        recipe: of the stage `prefer`.
        located: of `training.dataset.locate_dataset`.
        tokenizer: of the model.

    Returns:
        A `datasets.Dataset` of pairs, None where the recipe holds nothing out; and `held_out`: the
        `split`, its `rows`, the `pairs` that are measured, and their `fingerprint`.

    Raises:
        GaokerenaError: the dataset has no such split, or no pair of it is left.
    """
    split = recipe.preference.held_out if recipe.preference else None
    if split is None:
        return None, {}
    if split == recipe.dataset.split:
        raise GaokerenaError(
            f"preference.held_out: split {split} is the one that is trained on: name another one, "
            "or null"
        )
    settings = recipe.dataset.model_copy(update={"split": split, "share": 1.0})
    try:
        rows, facts = read_rows("prefer", settings, located, recipe.seed)
        pairs, counts = prepare_pairs(rows, tokenizer, recipe.preparation.context)
    except GaokerenaError as error:
        raise GaokerenaError(
            f"preference.held_out: split {split} cannot be measured ({error}): name another one, "
            "or go without by --set preference.held_out=null"
        ) from error
    stated = {"split": split, "rows": facts["rows"], "pairs": counts["rows"]}
    return pairs, {"held_out": stated | {"fingerprint": facts["fingerprint"]}}
