"""How a model generates, said once for whoever asks one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to generate. Temperature 0 is greedy; anything above samples, from `seed`."""

    max_new_tokens: int = 1024
    temperature: float = 0.0
    repetition_penalty: float = 1.0
    seed: int = 0
