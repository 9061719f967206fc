"""Whether the devices and the launcher fit what a recipe asks for; told before a weight is read."""

import os

from gaokerena_data.errors import GaokerenaError
from training.runs.recipe import Recipe


def is_sharded() -> bool:
    """Whether the launcher's file shares the weights out (FSDP)."""
    return os.environ.get("ACCELERATE_USE_FSDP", "").lower() in ("1", "true", "yes")


def refuse_sharded_quantization(recipe: Recipe) -> None:
    """FSDP cannot share out weights of 4 bits.

    Raises:
        GaokerenaError: the recipe and the launcher's file ask for both.
    """
    if recipe.model.quantization is not None and is_sharded():
        raise GaokerenaError(
            "model.quantization=4bit under fsdp.yaml: FSDP cannot share out 4-bit weights: launch "
            "with ddp.yaml, or --set model.quantization=null"
        )


def refuse_idle_devices(visible: int, processes: int) -> None:
    """One process with several GPUs would split every batch over them by another way of training.

    Args:
        visible: CUDA devices that this process sees.
        processes: that train together.

    Raises:
        GaokerenaError: there are several and nobody launched a process for each.
    """
    if visible > 1 and processes == 1:
        raise GaokerenaError(
            f"{visible} GPUs are visible and one process was started: launch `accelerate launch "
            f"--config_file ddp.yaml --num_processes {visible} --no_python gaokerena train ...`, "
            "or choose one GPU with CUDA_VISIBLE_DEVICES=0"
        )
