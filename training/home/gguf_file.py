"""One GGUF file: settings, vocabulary, tensors; written whole or not at all, a slab at a time."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file
from training.home.architectures import Architecture, add_settings, frequency_factors
from training.home.quantization import Mixture, bytes_of, quantized
from training.home.sources import Source, Weights
from training.home.vocabulary import Vocabulary

_FACTORS = "rope_freqs.weight"
_OUTPUT = "output.weight"
_BLOCKS = "blk."


@dataclass(frozen=True, slots=True)
class Planned:
    """One tensor of the file: where it comes from, and what it will be."""

    name: str
    source: str | None
    shape: tuple[int, ...]
    kind: Any

    @property
    def size(self) -> int:
        """Bytes."""
        return bytes_of(self.shape, self.kind)


def plan(weights: Weights, made: Architecture, mixture: Mixture, where: str) -> list[Planned]:
    """What the file will hold, in the order in which it is written.

    Raises:
        GaokerenaError: a tensor has no place in the format, or one is missing.
    """
    from gguf import GGMLQuantizationType

    found: list[Planned] = []
    for source in weights.names():
        name = made.tensor_name(source)
        if name == _OUTPUT and made.tied:  # a copy of the embeddings that some files hold
            continue
        shape = weights.shape(source)
        found.append(Planned(name, source, shape, mixture.type_of(name, shape)))
    factors = frequency_factors(made)
    if factors is not None:
        found.append(Planned(_FACTORS, None, factors.shape, GGMLQuantizationType.F32))
    names = {each.name for each in found}
    blocks = {name.split(".")[1] for name in names if name.startswith(_BLOCKS)}
    wanted = {"token_embd.weight", "output_norm.weight"} | (set() if made.tied else {_OUTPUT})
    if missing := sorted(wanted - names):
        raise GaokerenaError(f"{where}: the weights are not whole: {', '.join(missing)} is missing")
    if blocks != {str(number) for number in range(made.layers)}:
        raise GaokerenaError(f"{where}: the weights have not all of {made.layers} layers")
    return sorted(found, key=lambda each: each.name)


def write_gguf(
    path: Path,
    source: Source,
    made: Architecture,
    vocabulary: Vocabulary,
    mixture: Mixture,
) -> None:
    """Write a model; the same model gives the same bytes.

    Args:
        path: of the file.
        source: the model.
        made: its shape.
        vocabulary: its tokenizer.
        mixture: in which types.
    """
    import gguf

    with ExitStack() as stack:
        weights = Weights(source.folder, stack)
        tensors = plan(weights, made, mixture, source.name)
        part = stack.enter_context(atomic_file(path))
        writer = gguf.GGUFWriter(part, gguf.MODEL_ARCH_NAMES[made.arch])
        try:
            writer.add_type(gguf.GGUFType.MODEL)
            writer.add_name(source.name)
            add_settings(writer, made, source.name)
            writer.add_file_type(mixture.file_type)
            writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
            vocabulary.add_to(writer)
            for each in tensors:
                writer.add_tensor_info(
                    each.name, each.shape, np.dtype(np.float32), each.size, each.kind
                )
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_ti_data_to_file()
            for each in tensors:
                writer.write_tensor_data(_bytes(each, weights, made))
        finally:
            writer.close()


def _bytes(each: Planned, weights: Weights, made: Architecture) -> np.ndarray:
    if each.source is None:
        factors = frequency_factors(made)
        return np.asarray(factors).view(np.uint8)
    if len(each.shape) < 2 or made.rearranges(each.name):
        whole = made.arranged(each.name, weights.whole(each.source))
        return quantized(whole.reshape(1, -1) if whole.ndim < 2 else whole, each.kind).ravel()
    filled = np.empty(each.size, np.uint8)
    place = 0
    for slab in weights.slabs(each.source):
        made_of = quantized(slab, each.kind).ravel()
        filled[place : place + len(made_of)] = made_of
        place += len(made_of)
    return filled
