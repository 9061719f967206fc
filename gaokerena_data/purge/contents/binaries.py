"""Files that are not opened, such as a model's weights: do the words stand in them as text?"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from gaokerena_data.purge.sought import Sought

_PART, _OVERLAP = 32 << 20, 64 << 10  # bytes
_LEAST = 48  # bytes of a text: numbers hardly ever look like letters for so long

# Bytes of Persian and of ASCII in UTF-8.
_BYTES = np.zeros(256, np.bool_)
_BYTES[[*range(9, 14), *range(0x20, 0x7F), *range(0x80, 0xC0), *range(0xD8, 0xDC), 0xE2, 0xEF]] = (
    True
)
# Of two bytes at any place; of four, as arrays of texts are stored, where arrays begin.
_WIDE = [
    *((f"{sign}u2", name, 2, shift) for sign, name in (("<", "utf-16-le"), (">", "utf-16-be"))
      for shift in (0, 1)),
    ("<u4", "utf-32-le", 4, 0),
]  # fmt: skip


def holds_as_text(file: BinaryIO, sought: Sought) -> bool:
    """Whether the words stand between other bytes, in UTF-8, 16 or 32; a part is in memory."""
    before = b""
    while part := file.read(_PART):
        data = before + part
        if any(sought.in_text(text) for text in _texts(data)):
            return True
        before = data[-_OVERLAP:]
    return False


def _texts(data: bytes) -> Iterator[str]:
    for start, end in _runs(_BYTES[np.frombuffer(data, np.uint8)], _LEAST):
        yield data[start:end].decode("utf-8", "replace")
    for unit, encoding, size, shift in _WIDE:
        if len(data) < shift + size:
            continue
        units = np.frombuffer(data, unit, (len(data) - shift) // size, shift)
        letters = (units >> 8 == 6) | (units - 0x20 < 0x5F) | (units >> 8 == 0x20)
        for start, end in _runs(letters, _LEAST // 2):
            text = data[shift + size * start : shift + size * end]
            yield text.decode(encoding, "replace")


def _runs(letters: npt.NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Where so many letters or more stand one after another."""
    others = np.concatenate(([-1], np.flatnonzero(~letters), [len(letters)]))
    long = np.flatnonzero(np.diff(others) > least)
    starts, ends = others[long] + 1, others[long + 1]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))
