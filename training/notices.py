"""What is said of the prepared rows before a run starts, so that nobody finds it out at its end."""

from collections.abc import Mapping


def notices(tokens: Mapping[str, int], context: int) -> list[str]:
    """One line for each thing that a person should know of the counts of a preparation.

    Args:
        tokens: of `training.preparation.prepare_sequences`, or `prepare_pairs` of
            `training.preference.preparation`.
        context: of the recipe.

    Example:
        >>> counts = {"documents": 200, "spelled_control_tokens": 0, "untaught": 50}
        >>> counts |= {"tokens": 1000, "truncated": 400}
        >>> for line in notices(counts, 128):
        ...     print(line)
        400 of 1,000 tokens (40.0%) are cut off at preparation.context=128
        50 of 200 conversations teach nothing: no word of the answer lies within 128 tokens
    """
    found = []
    documents = tokens["documents"]
    if tokens["spelled_control_tokens"]:
        found.append(
            f"{tokens['spelled_control_tokens']:,} of {documents:,} rows hold letters of control "
            "tokens: they are read as letters"
        )
    if tokens["truncated"]:
        share = tokens["truncated"] / tokens["tokens"]
        found.append(
            f"{tokens['truncated']:,} of {tokens['tokens']:,} tokens ({share:.1%}) are cut off at "
            f"preparation.context={context}"
        )
    if tokens.get("empty"):
        found.append(f"{tokens['empty']:,} of {documents:,} pairs have an empty text: left out")
    if tokens.get("cut"):
        found.append(
            f"{tokens['cut']:,} of {documents:,} pairs are longer than {context:,} tokens, and "
            "lose the ends of their answers"
        )
    if tokens["untaught"] and "cut" in tokens:
        found.append(
            f"{tokens['untaught']:,} of {documents:,} pairs teach nothing: both answers are the "
            f"same within {context:,} tokens, or begin after them"
        )
    elif tokens["untaught"]:
        found.append(
            f"{tokens['untaught']:,} of {documents:,} conversations teach nothing: no word of the "
            f"answer lies within {context:,} tokens"
        )
    return found
