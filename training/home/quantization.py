"""Weights in fewer bits: which types there are, which tensor gets which, and who computes them.

The simple types are gguf's own. K-quants are llama.cpp's: its binding carries the function that
makes them. Which tensor gets more bits in a `_m` mixture is llama.cpp's rule.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from gaokerena_data.errors import GaokerenaError

# Name -> (type of most tensors, of the output and of embeddings that are the output too). Four bits
# there cost far more than they save.
_PLAIN = {
    "f32": ("F32", "F32"),
    "f16": ("F16", "F16"),
    "bf16": ("BF16", "BF16"),
    "q8_0": ("Q8_0", "Q8_0"),
    "q5_1": ("Q5_1", "Q8_0"),
    "q5_0": ("Q5_0", "Q8_0"),
    "q4_1": ("Q4_1", "Q8_0"),
    "q4_0": ("Q4_0", "Q8_0"),
}
_MIXED = {
    "q6_k": ("Q6_K", "Q6_K"),
    "q5_k_m": ("Q5_K", "Q6_K"),
    "q4_k_m": ("Q4_K", "Q6_K"),
}
QUANTIZATIONS = (*_PLAIN, *_MIXED)
# What rows that no block of 256 fits into get instead, as in llama.cpp.
_INSTEAD = {"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"}
_SLAB = 2**22
_BINDING = "pip install 'gaokerena-data[home]'"


@dataclass(frozen=True, slots=True)
class Mixture:
    """A quantization of a whole model.

    Attributes:
        name: such as `q4_k_m`.
        layers: of the model.
        tied: whether the embeddings are the output as well.
    """

    name: str
    layers: int
    tied: bool

    @property
    def file_type(self) -> int:
        """The format's number of it."""
        import gguf

        name = "ALL_F32" if self.name == "f32" else f"MOSTLY_{self.name.upper()}"
        return int(gguf.LlamaFileType[name])

    def type_of(self, tensor: str, shape: tuple[int, ...]) -> Any:
        """The type of a tensor by its GGUF name: what is small or no matrix stays float32."""
        import gguf

        most, output = (_PLAIN | _MIXED)[self.name]
        if len(shape) < 2 or "norm" in tensor or not tensor.endswith(".weight"):
            return gguf.GGMLQuantizationType.F32
        if tensor == "output.weight" or (tensor == "token_embd.weight" and self._more_embedded):
            most = output
        elif self.name.endswith("_m") and self._more_bits(tensor):
            most = "Q6_K"
        found = gguf.GGMLQuantizationType[most]
        if shape[-1] % gguf.GGML_QUANT_SIZES[found][0]:
            found = gguf.GGMLQuantizationType[_INSTEAD.get(most, "F16")]
        if shape[-1] % gguf.GGML_QUANT_SIZES[found][0]:
            found = gguf.GGMLQuantizationType.F16
        return found

    @property
    def _more_embedded(self) -> bool:
        return self.tied or self.name in _PLAIN

    def _more_bits(self, tensor: str) -> bool:
        """The first and last eighth of the layers, and every third between them."""
        if not tensor.endswith((".attn_v.weight", ".ffn_down.weight")):
            return False
        layer, eighth = int(tensor.split(".")[1]), self.layers // 8
        edge = layer < eighth or layer >= 7 * self.layers // 8
        return edge or (layer - eighth) % 3 == 2


def bytes_of(shape: tuple[int, ...], kind: Any) -> int:
    """How many bytes a tensor has."""
    import gguf

    block, size = gguf.GGML_QUANT_SIZES[kind]
    return int(np.prod(shape)) // int(block) * int(size)


def check_quantization(name: str) -> None:
    """Make sure that a quantization can be made here.

    Raises:
        GaokerenaError: there is none of that name, or nothing here makes it.
    """
    if name not in QUANTIZATIONS:
        raise GaokerenaError(
            f"--quantize {name}: there is no such type; there are {', '.join(QUANTIZATIONS)}"
        )
    if name in _MIXED:
        _chunk()


def quantized(rows: np.ndarray, kind: Any) -> np.ndarray:
    """Rows of float32 as bytes of a type, shape (rows, bytes of a row).

    Raises:
        GaokerenaError: nothing here makes that type.
    """
    import gguf

    if kind.name.endswith("_K"):
        return _by_llama_cpp(rows, kind)
    made = np.ascontiguousarray(gguf.quantize(rows, kind))
    return made.view(np.uint8).reshape(len(rows), -1)


def slab_rows(row: int) -> int:
    """How many rows of so many values are held in memory at once."""
    return max(1, _SLAB // row)


def _by_llama_cpp(rows: np.ndarray, kind: Any) -> np.ndarray:
    rows = np.ascontiguousarray(rows, np.float32)
    made = np.zeros((len(rows), bytes_of(rows.shape, kind) // len(rows)), np.uint8)
    written = _chunk()(
        int(kind),
        rows.ctypes.data_as(ctypes.c_void_p),
        made.ctypes.data_as(ctypes.c_void_p),
        0,
        len(rows),
        rows.shape[1],
        None,
    )
    if written != made.nbytes:
        raise GaokerenaError(f"llama.cpp made {written} bytes of {made.nbytes} in {kind.name}")
    return made


@cache
def _chunk() -> Any:
    """`ggml_quantize_chunk`, a public function of llama.cpp that its binding carries."""
    try:
        from xllamacpp import xllamacpp
    except ModuleNotFoundError as error:
        raise GaokerenaError(f"K-quants are made by llama.cpp: {_BINDING}") from error
    try:
        found = ctypes.CDLL(str(xllamacpp.__file__)).ggml_quantize_chunk
    except (AttributeError, OSError) as error:
        raise GaokerenaError(
            "K-quants: the llama.cpp binding that is installed does not make them: take q8_0, "
            "q5_0 or q4_0, or llama.cpp's own llama-quantize on the f16 file"
        ) from error
    found.restype = ctypes.c_size_t
    found.argtypes = [
        ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p,
        ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p,
    ]  # fmt: skip
    return found
