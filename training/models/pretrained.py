"""Models and tokenizers of transformers: how they are loaded, wherever one is."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from gaokerena_data.errors import GaokerenaError, reason_of

if TYPE_CHECKING:
    import torch


def load(kind: Any, name: str, what: str = "model", **arguments: Any) -> Any:
    """`from_pretrained`, its many errors told in one line.

    Args:
        kind: a class of transformers.
        name: a folder or Hub repository.
        what: what an error calls it.
        arguments: of `from_pretrained`.

    Raises:
        GaokerenaError: instead of any of them.
    """
    try:
        return kind.from_pretrained(name, **arguments)
    except (OSError, ValueError, KeyError) as error:
        raise GaokerenaError(f"{what} {name} cannot be loaded: {reason_of(error)[:200]}") from error


def attention() -> str:
    """Flash attention 2 where the card and the installation have it, else torch's own."""
    import torch

    capable = torch.cuda.is_available() and torch.cuda.get_device_capability()[0] >= 8
    return "flash_attention_2" if capable and find_spec("flash_attn") else "sdpa"


def device() -> "torch.device":
    """A CUDA card where there is one."""
    import torch

    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def dtype() -> "torch.dtype":
    """Of the weights: bf16 on CUDA, float32 elsewhere."""
    import torch

    return torch.bfloat16 if torch.cuda.is_available() else torch.float32
