"""The model card of a scorer: README.md of its folder."""

from collections.abc import Mapping
from typing import Any

from gaokerena_data.annotate.scorer_figures import Figures
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.scoring.features import FEATURES

_ABOUT = """---
license: {licence}
language: {language}
library_name: gaokerena-data
tags: [medical, text-classification, data-quality]
---

# {name}

Scores pairs of a patient's question and a doctor's answer in Persian: how well the question is
answered, whether the pair stands alone, is medically sound, harmful, complete, and whether it is
worth learning from; and the specialty, the type of question and the chapter of ICD-11 that it
belongs to. Made for {title}: the scores choose what a language model is to learn from, order what
clinicians are asked, and are published beside the rows.

**It judges no patient's case.** It has seen which words readers' verdicts go with; it knows no
medicine. Its scores are no reason to trust or to distrust an advice.

## How it works

Linear models over words, pairs of words and beginnings of words, weighted by how rare they are, and
over fifty plain numbers such as lengths and overlap (`{features}`): ridge regression for levels
and classes, logistic regression for probabilities, calibrated by Platt's method on pairs that the
model was not fitted on. Weights are whole numbers, and the scores are the same on every machine.
`scorer.json` says what it is,
`scorer.safetensors` holds the weights; nothing in the folder is run.

## What it was trained from

{labels:,} labels ({labelled_by}; rubric {rubrics}) of records of {title}, and how often words stand
in all of its {records:,} records. Labels hold ids and no texts. The weights are derived from the
texts and have their licence ({licence}).

## How well it does

On pairs that it was not fitted on ({folds}-fold cross-validation; pairs of one thread and pairs
whose question or answer is nearly the same stand in one fold). Intervals are of 95 %.

"""
_LIMITS = """
## Limits

- It sees words, not meaning: wrong advice in ordinary words passes, and good advice in the words of
  bad advice does not.
- It was trained on one forum's and one site's language; of other sources it says less.
- What is rare in the labels (harmful advice most of all) it knows least about.
- Readers' labels are not a clinician's decisions; where there are such decisions, they go first.
"""


def scorer_card(
    name: str,
    declaration: Declaration,
    made_of: Mapping[str, Any],
    figures: Figures,
    folds: int,
) -> str:
    """The card, in Markdown.

    Args:
        name: of the scorer, with its version.
        declaration: of its dataset.
        made_of: what `annotate train` trained it from.
        figures: what it is worth.
        folds: of the cross-validation.
    """
    about = _ABOUT.format(
        name=name,
        licence=declaration.licence,
        language=declaration.language,
        title=declaration.title,
        features=FEATURES,
        folds=folds,
        labels=made_of["labels"],
        records=made_of["records"],
        labelled_by=", ".join(made_of["labelled_by"]),
        rubrics=", ".join(made_of["rubrics"]),
    )
    return about + "\n".join(_tables(figures)) + "\n" + _LIMITS


def _tables(figures: Figures) -> list[str]:
    lines = [
        "| score | labels say yes | AUC | Brier score | of the base rate | calibration error |",
        "|---|---|---|---|---|---|",
    ]
    for name, area in figures.auc.items():
        brier, base = figures.brier[name]
        lines.append(
            f"| `{name}` | {100 * figures.yes[name]:.1f} % | {area} | {brier:.3f} | {base:.3f} | "
            f"{figures.calibration[name]:.3f} |"
        )
    lines += ["", "| score | mean absolute error | of the mean label |", "|---|---|---|"]
    for name, (error, base) in figures.error.items():
        lines.append(f"| `{name}` | {error:.2f} | {base:.2f} |")
    lines += ["", "| score | same class as the label | commonest class |", "|---|---|---|"]
    for name, (same, base) in figures.agreement.items():
        lines.append(f"| `{name}` | {100 * same:.0f} % | {100 * base:.0f} % |")
    lines += ["", "| `worth` from | bad among what stays | good that stays |", "|---|---|---|"]
    for threshold, bad, good in figures.cuts:
        lines.append(f"| {threshold:.3f} | {bad} | {good} |")
    if figures.clinicians is not None:
        lines += ["", f"Against clinicians' decisions the AUC of `worth` is {figures.clinicians}."]
    return lines
