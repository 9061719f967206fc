"""What a card says of preference tuning: by which loss, and against which reference."""

from typing import Any

_LOSSES = {
    "sigmoid": "DPO",
    "ipo": "IPO",
    "hinge": "DPO with a hinge loss (SLiC)",
    "apo_zero": "APO-zero",
    "sigmoid_norm": "DPO, its margins divided by lengths",
}


def preference_method(run: dict[str, Any]) -> str:
    """The loss of a run in a few words, "" of one without preferences."""
    stated = (run.get("recipe") or {}).get("preference")
    if not stated:
        return ""
    loss = str(stated.get("loss", ""))
    beside = f" + {stated['sft_weight']:g} x SFT" if stated.get("sft_weight") else ""
    return f"{_LOSSES.get(loss, loss)}, beta {stated.get('beta', 0):g}{beside}"


def preference_sentence(run: dict[str, Any]) -> str:
    """What the margins of a run are; "" of one without preferences."""
    if not preference_method(run):
        return ""
    below = "the base with the earlier stages merged" if run.get("parent_adapter") else "the base"
    return (
        f"{preference_method(run)}; the reference is {below}. A margin is beta times how many nats "
        "likelier the better answer has become than the worse one; a pair is put right where that "
        "is above 0. It says what was learnt of these pairs, and not whether answers are true"
    )
