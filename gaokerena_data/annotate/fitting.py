"""From labelled pairs to a scorer: linear models over grams, fitted by scikit-learn.

scikit-learn is the extra `annotate`; nothing but this module needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.scoring.features import Found, Vocabulary, find_known, read_pairs
from gaokerena_data.scoring.grams import SIDES, Grams
from gaokerena_data.scoring.label_files import Label
from gaokerena_data.scoring.scored_fields import CLASSES, LEVELS, NUMBERS, PROBABILITIES, WORTH
from gaokerena_data.scoring.scorer import PART, Curve, Heads, Scorer

type Numbers = npt.NDArray[np.float64]
type Rows = npt.NDArray[np.int64]

# A gram of fewer records, or of fewer labelled ones, says nothing of others.
_MIN_RECORDS, _MIN_LABELLED = 4, 3
_RARITY_PARTS = 256
_AT_ONCE = 250  # pairs
_KNOTS = 65
_STEPS = 25  # of conjugate gradients; more change no second decimal
_TINY = 1e-300
# What the question and the plain numbers weigh beside the answer, by cross-validation.
_QUESTION, _SIGNALS = 0.4, 0.03
_GRAMS_A_CLASS = 600  # those of the largest weights: what is left says little, and takes much room
_SURE = 0.002  # no probability is nearer to 0 or 1: nobody read that many rows


class Pairs(NamedTuple):
    """Normalized texts without personal data.

    Attributes:
        questions: of each pair.
        answers: of each pair.
    """

    questions: Sequence[str]
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """The features of labelled pairs.

    Args:
        vocabularies: of each side.
        sides: of each side, a sparse matrix of (pairs, grams), its rows of length 1.
        signals: (pairs, signals).
    """

    vocabularies: dict[str, Vocabulary]
    sides: dict[str, Any]
    signals: Numbers

    def __getitem__(self, rows: Rows) -> "Read":
        sides = {side: matrix[rows] for side, matrix in self.sides.items()}
        return Read(self.vocabularies, sides, self.signals[rows])


@dataclass(frozen=True, slots=True)
class Linear:
    """One fitted head: weights of each side's grams and of the plain numbers, and what is added."""

    weights: dict[str, Numbers]
    bias: float
    signals: Numbers | None = None

    def __call__(self, read: Read) -> Numbers:
        """(pairs,) its numbers."""
        total: Numbers = sum(
            (read.sides[side] @ weights for side, weights in self.weights.items()),
            start=np.full(len(read.signals), self.bias),
        )
        return total if self.signals is None else total + read.signals @ self.signals


def need_sklearn() -> None:
    """See that scikit-learn is there.

    Raises:
        GaokerenaError: it is not installed.
    """
    try:
        import sklearn  # noqa: F401
    except ModuleNotFoundError:
        raise GaokerenaError(
            "annotate train needs scikit-learn: pip install 'gaokerena-data[annotate]'"
        ) from None


def read_features(labelled: Pairs, others: Pairs) -> Read:
    """Choose the grams that can say something, and read the labelled pairs by them.

    Args:
        labelled: pairs that have a label.
        others: pairs that have none: how rare a gram is shows in all.
    """
    grams, signals = _all_grams(labelled)
    more, _ = _all_grams(others)
    count = len(labelled.answers) + len(others.answers)
    vocabularies = {side: _vocabulary(grams[side], more[side], count) for side in SIDES}
    found = find_known(grams, vocabularies, len(labelled.answers))
    sides = {
        side: _matrix(found[side], vocabularies[side], len(labelled.answers)) for side in SIDES
    }
    return Read(vocabularies, sides, signals)


def targets(labels: Sequence[Label]) -> dict[str, Numbers]:
    """What each head is to say of each labelled pair: levels, and 0 or 1; NaN where nobody did."""
    found = {
        name: np.array([getattr(label, name) for label in labels], np.float64)
        for name in (*LEVELS, *PROBABILITIES)
        if name != WORTH
    }
    found[WORTH] = np.array([label.is_worth for label in labels], np.float64)
    for name in CLASSES:
        values = [getattr(label, name) or "" for label in labels]
        # Who named a specialty said of the chapter that there is none.
        said = [label.specialty is not None for label in labels]
        for each in sorted(
            {value for value, was_said in zip(values, said, strict=True) if was_said}
        ):
            is_it = np.array([value == each for value in values], np.float64)
            found[f"{name}:{each}"] = np.where(said, is_it, np.nan)
    return found


def fit_number(name: str, read: Read, target: Numbers) -> Linear:
    """Fit the head of a score that is a number: the answer tells it, and of worth the question.

    Args:
        name: of its score.
        read: the pairs.
        target: (pairs,) what it is to say; pairs of which nobody said are left out.
    """
    from scipy.sparse import csr_matrix, hstack

    said = np.flatnonzero(~np.isnan(target))
    read, target = read[said], target[said]
    means, sizes = read.signals.mean(axis=0), read.signals.std(axis=0)
    scale = np.divide(_SIGNALS, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    shares = {"answer": 1.0} | ({"question": _QUESTION} if name == WORTH else {})
    parts = [share * read.sides[side] for side, share in shares.items()]
    features = hstack([*parts, csr_matrix((read.signals - means) * scale)]).tocsr()
    if name in PROBABILITIES:
        weights, bias = _logistic(features, target)
    else:
        many, biases = _ridge(features, target[:, None])
        weights, bias = many[0], float(biases[0])
    *of_sides, signals = np.split(weights, np.cumsum([part.shape[1] for part in parts]))
    sides = {side: shares[side] * own for side, own in zip(shares, of_sides, strict=True)}
    signals = signals * scale
    return Linear(sides, bias - float(means @ signals), signals)


def fit_all(read: Read, wanted: dict[str, Numbers]) -> dict[str, Linear]:
    """Fit every head."""
    numbers = {name: fit_number(name, read, wanted[name]) for name in NUMBERS}
    return numbers | fit_classes(read, wanted)


def fit_classes(read: Read, wanted: dict[str, Numbers]) -> dict[str, Linear]:
    """Fit the heads of all classes, which the question tells.

    Args:
        read: the pairs.
        wanted: of each class, what it is to say of each pair; pairs that have no class are left
            out.
    """
    names = [name for name in wanted if ":" in name]
    target = np.stack([wanted[name] for name in names], axis=1)
    said = np.flatnonzero(~np.isnan(target).any(axis=1))
    weights, biases = _ridge(read.sides["question"][said], target[said])
    for row in weights:
        row[np.argsort(-np.abs(row), kind="stable")[_GRAMS_A_CLASS:]] = 0
    return {
        name: Linear({"question": weights[place]}, float(biases[place]))
        for place, name in enumerate(names)
    }


def assemble(name: str, read: Read, linear: dict[str, Linear], curves: dict[str, Curve]) -> Scorer:
    """Put fitted heads together to a scorer, in whole numbers."""
    names = tuple(linear)
    grams = {}
    for side in SIDES:
        rarity = read.vocabularies[side].rarity.astype(np.float64)
        columns = [
            np.round(linear[head].weights[side] * rarity * PART)
            if side in linear[head].weights
            else np.zeros(len(rarity))
            for head in names
        ]
        grams[side] = np.stack(columns, axis=1).astype(np.int32)
    biases = np.array([linear[head].bias for head in names])
    none = np.zeros(read.signals.shape[1])
    signals = np.stack(
        [none if head.signals is None else head.signals for head in linear.values()], axis=1
    )
    return Scorer(name, read.vocabularies, Heads.of(names, grams, signals, biases), curves)


def calibrate(name: str, numbers: Numbers, target: Numbers) -> Curve:
    """What a head's numbers come to, by pairs that it was not fitted on.

    Probabilities by Platt's method, levels by a straight line; both as a line of straight pieces.

    Args:
        name: of the score.
        numbers: (pairs,) what the head said of pairs that it had not seen.
        target: (pairs,) what it should have said; NaN where nobody knows.
    """
    said = ~np.isnan(target)
    numbers, target = numbers[said], target[said]
    at = np.linspace(numbers.min(), numbers.max(), _KNOTS)
    if name in LEVELS:
        slope, bias = np.polyfit(numbers, target, 1) if numbers.std() else (0.0, target.mean())
        values = np.clip(max(slope, 0.0) * at + bias, 0, 3)
    else:
        weights, bias = _logistic(numbers[:, None], target, c=1e6)
        values = 1 / (1 + np.exp(-(max(weights[0], 0.0) * at + bias)))
        values = np.clip(values, _SURE, 1 - _SURE)
    rounded = np.maximum.accumulate(np.round(values, 6))
    return Curve(np.round(at, 9), rounded)


def _logistic(features: Any, target: Numbers, c: float = 3.0) -> tuple[Numbers, float]:
    from sklearn.linear_model import LogisticRegression

    if target.min() == target.max():  # nobody said otherwise
        share = np.clip(target.mean(), _SURE, 1 - _SURE)
        return np.zeros(features.shape[1]), float(np.log(share / (1 - share)))
    model = LogisticRegression(C=c, max_iter=1_000).fit(features, target)
    return model.coef_[0], float(model.intercept_[0])


def _ridge(features: Any, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Ridge regression of many targets at once, by conjugate gradients.

    Args:
        features: a sparse matrix of (pairs, grams).
        wanted: (pairs, targets).

    Returns:
        (targets, grams) weights, and what is added to each.
    """
    means = wanted.mean(axis=0)
    rest = features.T @ (wanted - means)
    weights, step = np.zeros_like(rest), rest
    squares = (rest**2).sum(axis=0)
    for _ in range(_STEPS):
        if not squares.any():
            break
        moved = features.T @ (features @ step) + step  # the last is the penalty
        length = squares / np.maximum((step * moved).sum(axis=0), _TINY)
        weights = weights + length * step
        rest = rest - length * moved
        before, squares = squares, (rest**2).sum(axis=0)
        step = rest + squares / np.maximum(before, _TINY) * step
    return weights.T, means


def _all_grams(pairs: Pairs) -> tuple[dict[str, Grams], Numbers]:
    """The grams and numbers of many pairs, a few at a time."""
    sides: dict[str, list[Grams]] = {side: [] for side in SIDES}
    signals = []
    for at in range(0, len(pairs.answers), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        found, numbers = read_pairs(pairs.questions[some], pairs.answers[some])
        signals.append(numbers)
        for side, grams in found.items():
            sides[side].append(Grams(grams.hashes, grams.rows + at))
    joined = {
        side: Grams(
            np.concatenate([np.zeros(0, np.uint64), *(part.hashes for part in parts)]),
            np.concatenate([np.zeros(0, np.int64), *(part.rows for part in parts)]),
        )
        for side, parts in sides.items()
    }
    return joined, np.concatenate(signals) if signals else np.zeros((0, 0))


def _vocabulary(labelled: Grams, others: Grams, pairs: int) -> Vocabulary:
    hashes, records = _records_of(labelled)
    more, other_records = _records_of(others)
    place = np.minimum(np.searchsorted(more, hashes), max(len(more) - 1, 0))
    elsewhere = np.zeros(len(hashes), np.int64)
    if len(more):
        same = more[place] == hashes
        elsewhere[same] = other_records[place[same]]
    total = records + elsewhere
    kept = (records >= _MIN_LABELLED) & (total >= _MIN_RECORDS)
    rarity = np.log((1 + pairs) / (1 + total[kept])) + 1
    return Vocabulary(hashes[kept], np.round(_RARITY_PARTS * rarity).astype(np.int64))


def _records_of(grams: Grams) -> tuple[npt.NDArray[np.uint64], Rows]:
    """Every different gram in order, and in how many records it stands."""
    order = np.lexsort((grams.rows, grams.hashes))
    hashes, rows = grams.hashes[order], grams.rows[order]
    first = np.ones(len(hashes), np.bool_)
    first[1:] = (np.diff(hashes) != 0) | (np.diff(rows) != 0)
    different, counts = np.unique(hashes[first], return_counts=True)
    return different, counts


def _matrix(found: Found, vocabulary: Vocabulary, pairs: int) -> Any:
    from scipy.sparse import csr_matrix

    values = vocabulary.rarity[found.columns] / found.lengths[found.rows]
    return csr_matrix((values, (found.rows, found.columns)), shape=(pairs, len(vocabulary.hashes)))
