"""What a recipe's optimizer needs, and how strong the noise of NEFTune is in packed sequences."""

from collections.abc import Mapping
from importlib.util import find_spec
from math import sqrt

from gaokerena_data.errors import GaokerenaError
from training.runs.recipe import OptimizerSettings, Recipe


def require_optimizer(settings: OptimizerSettings, *, cuda: bool = True) -> None:
    """Make sure that the optimizer can be had.

    Args:
        settings: of the recipe.
        cuda: whether there is a CUDA device; as long as nobody looked, that there is.

    Raises:
        GaokerenaError: bitsandbytes is missing, or the device that it needs.
    """
    if settings.name == "adamw_torch":
        return
    if find_spec("bitsandbytes") is None:
        raise GaokerenaError(
            f"optimizer.name: {settings.name} needs bitsandbytes: pip install bitsandbytes"
        )
    if not cuda:
        raise GaokerenaError(
            f"optimizer.name: {settings.name} needs a CUDA device, and there is none: leave it "
            "adamw_torch"
        )


def noise_alpha(recipe: Recipe, tokens: Mapping[str, int]) -> float | None:
    """The alpha by which a text in a packed batch gets the noise that it would get alone.

    NEFTune's noise is alpha over the root of a sequence's length. Packed, the trainer takes all
    texts of a batch for one sequence, and their noise would be the weaker the more they are.

    Args:
        recipe: of the run.
        tokens: the counts of its preparation: `chunks` (the texts) in `rows` (the sequences).

    Example:
        >>> from training.runs.recipe import load_recipe
        >>> recipe = load_recipe("instruct", None, ["optimizer.neftune_alpha=5", "batch.size=2"])
        >>> noise_alpha(recipe, {"chunks": 80, "rows": 10})
        20.0
    """
    alpha = recipe.optimizer.neftune_alpha
    if alpha is None or recipe.preparation.method != "packed":
        return alpha
    return alpha * sqrt(recipe.batch.size * tokens["chunks"] / tokens["rows"])
