"""Whether layers and tokens that a recipe counts on are there in the model."""

from collections.abc import Iterable

from gaokerena_data.errors import GaokerenaError


def refuse_unknown_targets(targets: Iterable[str], tensors: Iterable[str], model: str) -> None:
    """Make sure that each target names a layer; peft would silently train the others alone.

    Args:
        targets: of the recipe.
        tensors: names of the model's tensors; none where they are not known.
        model: what it is called.

    Raises:
        GaokerenaError: there is no such layer.
    """
    layers = {name.rpartition(".")[0] for name in tensors}
    for target in targets if layers else ():
        tied = target == "lm_head"
        if not tied and not any(f".{layer}".endswith(f".{target}") for layer in layers):
            last = {layer.rpartition(".")[2] for layer in layers}
            known = sorted(name for name in last if "norm" not in name and "embed" not in name)
            raise GaokerenaError(
                f"lora.targets: {model} has no layer {target}: it has {', '.join(known)}"
            )


def refuse_more_tokens(largest: int, rows: int | None, model: str) -> None:
    """Make sure that every token of the tokenizer has an embedding.

    Raises:
        GaokerenaError: one has none.
    """
    if rows is not None and largest >= rows:
        raise GaokerenaError(
            f"{model}: its tokenizer has {largest + 1:,} tokens and the model only {rows:,} "
            "embeddings: give a model with its own tokenizer"
        )
