"""Whether a run fits a GPU, and what would make it fit."""

from collections.abc import Mapping
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.memory.estimate import estimate, shapes_of
from training.runs.recipe import Recipe


def refuse_too_large(recipe: Recipe, config: Mapping[str, Any], available: float) -> None:
    """Make sure that a step is likely to fit.

    Args:
        recipe: of the run.
        config: the model's config.json.
        available: bytes of one GPU.

    Raises:
        GaokerenaError: the estimate is larger; the line names the changes that would make it fit.
    """
    shapes = shapes_of(config)
    if shapes is None:
        return
    needed = estimate(recipe, shapes).total
    if needed <= available:
        return
    given = recipe.model_dump()
    changes = (
        ("gradient_checkpointing=true", {"gradient_checkpointing": True}),
        ("batch.size=1", {"batch": {**given["batch"], "size": 1}}),
        ("model.quantization=4bit", {"model": {**given["model"], "quantization": "4bit"}}),
        ("preparation.context=512", {"preparation": {**given["preparation"], "context": 512}}),
    )
    taken, fits, advice = given, needed, []
    for name, change in changes:
        changed = {**taken, **change}
        size = estimate(Recipe.model_validate(changed), shapes).total
        if size < fits:
            taken, fits = changed, size
            advice.append(f"--set {name}")
        if fits <= available:
            break
    told = f"{' '.join(advice)} ({fits / 1e9:.1f} GB)" if fits <= available else "a larger GPU"
    raise GaokerenaError(
        f"memory: about {needed / 1e9:.1f} GB are needed and the GPU has {available / 1e9:.1f}: "
        f"take {told}"
    )
