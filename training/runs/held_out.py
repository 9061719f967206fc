"""What the held-out loss decides: which step was the best, and whether the run has ended early.

All of it follows from the history that a checkpoint holds, so that a run which goes on after a
stop decides the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

EVAL_LOSS = "eval_loss"


def eval_losses(history: Iterable[Mapping[str, Any]]) -> dict[int, float]:
    """The held-out loss by step, in nats a token.

    Args:
        history: `log_history` of the trainer's state, or lines of metrics.jsonl.
    """
    return {int(line["step"]): float(line[EVAL_LOSS]) for line in history if EVAL_LOSS in line}


def best_step(losses: Mapping[int, float]) -> int | None:
    """The step of the lowest loss, the first of equal ones; None where none was measured.

    Example:
        >>> best_step({50: 2.4, 100: 2.1, 150: 2.1})
        100
    """
    return min(losses, key=lambda step: (losses[step], step), default=None)


def ends_early(losses: Mapping[int, float], patience: int | None) -> bool:
    """Whether so many measurements in a row have brought no lower loss.

    Example:
        >>> ends_early({50: 2.4, 100: 2.1, 150: 2.2, 200: 2.3}, patience=2)
        True
        >>> ends_early({50: 2.4, 100: 2.1, 150: 2.2}, patience=2)
        False
    """
    best = best_step(losses)
    if patience is None or best is None:
        return False
    return sum(step > best for step in losses) >= patience
