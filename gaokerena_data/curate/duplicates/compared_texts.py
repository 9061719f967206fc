"""Texts with what they are compared by."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gaokerena_data.curate.duplicates.known_similarities import KnownSimilarities
from gaokerena_data.text.near_duplicates.signatures import Fingerprints


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """Texts that are searched for near-duplicates.

    Args:
        texts: themselves.
        prints: their fingerprints.
        known: which of them were compared already.
    """

    texts: Sequence[str]
    prints: Fingerprints
    known: KnownSimilarities = field(default_factory=KnownSimilarities)

    def similarities(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """The true Jaccard similarities of pairs, by the numbers of their texts."""
        return self.known.similarities(self.prints, self.texts, one, other)
