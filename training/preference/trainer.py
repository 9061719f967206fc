"""trl's DPO trainer on pairs that are tokens already, the model without its adapter as reference.

Reference and policy are one model in memory: trl switches the LoRA adapter off for the former. What
lies below the adapter is the base with all earlier stages merged in.

trl 1.16 has neither packing nor padding-free batches for DPO (`padding_free` is switched off there
with a warning), so a batch is filled up to its longest sequence; the filling is masked. It reads
logits in chunks (a fused head), so that no table of tokens times vocabulary is in memory.
"""

from collections.abc import Mapping
from typing import Any, override

from trl.trainer.dpo_config import DPOConfig
from trl.trainer.dpo_trainer import DPOTrainer

from training.runs.recipe import PreferenceSettings


class PreferenceTrainer(DPOTrainer):
    """Takes `prompt_ids`, `chosen_ids` and `rejected_ids` as they are.

    trl would tokenize the texts itself, and read letters of control tokens in them as such.
    """

    @override
    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset


def preference_settings(
    settings: PreferenceSettings, common: Mapping[str, Any], *, measures: bool
) -> DPOConfig:
    """The recipe in the trainer's words.

    Args:
        settings: the recipe's `preference`.
        common: what every stage's trainer is told.
        measures: whether there are pairs that are held out.
    """
    losses: list[str] = [settings.loss]
    weights = [1.0]
    if settings.sft_weight:
        losses.append("sft")
        weights.append(settings.sft_weight)
    own = {
        "beta": settings.beta,
        "loss_type": losses,
        "loss_weights": weights,
        "max_length": None,  # cut already
        "padding_free": False,
        "eval_strategy": "steps" if measures else "no",
        "eval_steps": settings.held_out_every,
    }
    return DPOConfig(**{**common, **own})
