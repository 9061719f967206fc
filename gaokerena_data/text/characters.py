"""Texts as arrays of code points, and what each of them is by a few regular expressions."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt


def code_points(text: str) -> npt.NDArray[np.intp]:
    """The code point of each character, lone surrogates among them.

    Widened: numpy looks numbers up twice as fast by its own index type.
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.intp)


def kinds_of_characters(kinds: Mapping[int, str], otherwise: int) -> npt.NDArray[np.uint8]:
    """A table to look code points up in.

    Args:
        kinds: a number for the characters of a class, such as `[،؛]`; the last one counts.
        otherwise: the number of those of no class.

    Returns:
        (0x110000,) numbers.
    """
    every = np.arange(0x110000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    table = np.full(len(every), otherwise, np.uint8)
    for kind, characters in kinds.items():
        for run in re.finditer(f"{characters}+", every):
            table[slice(*run.span())] = kind
    return table
