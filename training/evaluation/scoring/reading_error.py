"""The interval of an accuracy that was read by rules, with the rules' own errors in it.

Multiple imputation (Cole, Chu and Greenland 2006, International Journal of Epidemiology 35:1074):
every round draws anew which answers were asked, how often each rule reads a right answer as right
and a wrong one as wrong (from the counts of its calibration), and with it which readings are true.
What the rules do on other systems' answers than those they were calibrated on is not in it.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from gaokerena_data.choices.calibration import RuleCounts, calibration
from training.evaluation.reading.answers import SCORED, ChoiceAnswer
from training.evaluation.scoring.statistics import Interval, percentiles

_ROUNDS = 10_000
# Jeffreys' prior: a rule that was never tried may be right or wrong, mostly one of the two.
_PRIOR = 0.5


def read_accuracy_interval(answers: Sequence[ChoiceAnswer], *, seed: int = 0) -> Interval:
    """The 95 % interval of the true accuracy behind what the rules alone read.

    Args:
        answers: of one system; those scored by log-likelihood are read without error.
        seed: of the draws.

    Returns:
        Shares in 0..1; (0, 1) where there are no answers.
    """
    if not answers:
        return Interval(0.0, 1.0)
    cells = Counter((answer.reading.rule, answer.chosen == answer.correct) for answer in answers)
    generator = np.random.default_rng(seed)
    shares = np.array([cells[cell] for cell in sorted(cells)], dtype=np.float64) / len(answers)
    drawn = generator.multinomial(len(answers), shares, size=_ROUNDS)
    right = np.zeros(_ROUNDS, dtype=np.int64)
    for place, (rule, read_right) in enumerate(sorted(cells)):
        if rule == SCORED:
            right += drawn[:, place] * read_right
            continue
        counts = calibration().get(rule, RuleCounts())
        truly, not_truly = (
            (counts.right_right, counts.right_wrong)
            if read_right
            else (counts.wrong_right, counts.wrong_wrong)
        )
        chance = generator.beta(truly + _PRIOR, not_truly + _PRIOR, size=_ROUNDS)
        right += generator.binomial(drawn[:, place], chance)
    return percentiles(right / len(answers))
