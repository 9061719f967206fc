"""How far answers hang on the way a question is put: spread, same options, liking of a place."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import chisquare

from gaokerena_data.choices.mentions import LETTERS
from gaokerena_data.choices.reading import extract_choice
from training.evaluation.questions.variants import Variant, speaks_of_all
from training.evaluation.scoring.statistics import proportion

type Entries = Mapping[str, Sequence[Mapping[str, Any]]]


def chosen_place(entry: Mapping[str, Any]) -> int | None:
    """The place of the option that an entry of an answer file chose; None for none."""
    if entry.get("missing"):
        return None
    letter = entry.get("scored") or extract_choice(
        entry["answer"] or "", entry["options"], entry["question"]
    )
    return None if letter is None else LETTERS.index(letter)


def summarize(
    variants: Sequence[Variant], entries: Entries, *, system: str, benchmark: str, left_out: int
) -> dict[str, Any]:
    """The summary of kind "robustness": a row for each variant, and what they come to together.

    Args:
        variants: in their order; the first is what the others are held against.
        entries: variant -> entries of answer files, the same items in the same order.
        system: its name.
        benchmark: its name.
        left_out: items whose options name each other's labels, which were not asked.
    """
    places = {v.name: [chosen_place(entry) for entry in entries[v.name]] for v in variants}
    options = {
        v.name: [
            None if place is None else entry["options"][place]
            for place, entry in zip(places[v.name], entries[v.name], strict=True)
        ]
        for v in variants
    }
    base = options[variants[0].name]
    rows = [_row(v, places[v.name], options[v.name], base, entries[v.name]) for v in variants]
    accuracies = np.array([row["accuracy"] for row in rows])
    every = list(zip(*options.values(), strict=True))
    same = proportion(sum(len(set(o)) == 1 and o[0] is not None for o in every), len(every))
    shuffled = [v.name for v in variants if v.change == "order"]
    return {
        "kind": "robustness",
        "system": system,
        "benchmark": benchmark,
        "items": len(base),
        "left_out": left_out,
        "variants": len(variants),
        "lowest": float(accuracies.min()),
        "highest": float(accuracies.max()),
        "mean": float(accuracies.mean()),
        "sd": float(accuracies.std(ddof=1)) if len(accuracies) > 1 else None,
        "same_option": same.share,
        "same_low": same.interval.low,
        "same_high": same.interval.high,
        "read_in_all": sum(None not in o for o in every),
        **_position(
            [
                (place, entry)
                for name in shuffled
                for place, entry in zip(places[name], entries[name], strict=True)
            ]
        ),
        "rows": rows,
    }


def tell(summary: Mapping[str, Any]) -> str:
    """The summary in a line."""
    sd = "" if summary["sd"] is None else f", sd {100 * summary['sd']:.1f}"
    told = (
        f"{summary['system']} on {summary['benchmark']}: accuracy {100 * summary['lowest']:.1f} to "
        f"{100 * summary['highest']:.1f} over {summary['variants']} ways to ask, mean "
        f"{100 * summary['mean']:.1f}{sd}; the same option in all ways in "
        f"{100 * summary['same_option']:.1f} % of {summary['items']} items"
    )
    if summary["position_p"] is not None:
        told += f"; liking of a place: p = {summary['position_p']:.3g}"
    if summary["left_out"]:
        told += f"; {summary['left_out']} items whose options name each other are left out"
    return told


def _row(
    variant: Variant,
    places: Sequence[int | None],
    options: Sequence[str | None],
    base: Sequence[str | None],
    entries: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    right = sum(
        place is not None and LETTERS[place] == entry["correct"]
        for place, entry in zip(places, entries, strict=True)
    )
    found = proportion(right, len(entries))
    as_base = sum(
        one == other and one is not None for one, other in zip(options, base, strict=True)
    )
    return {
        "variant": variant.name,
        "change": variant.change,
        "items": len(entries),
        "accuracy": found.share,
        "low": found.interval.low,
        "high": found.interval.high,
        "unread": list(places).count(None),
        "as_in_first": as_base,
    }


def _position(chosen: Sequence[tuple[int | None, Mapping[str, Any]]]) -> dict[str, Any]:
    """Whether places are chosen unevenly where the order was drawn by chance: chi-squared.

    Under a fair system the place chosen is as even as the order, whatever the system knows. Items
    with an option that kept its place are left out, and so is what could not be read.
    """
    counted = [
        (place, len(entry["options"]))
        for place, entry in chosen
        if place is not None and not any(map(speaks_of_all, entry["options"]))
    ]
    nothing = {"position_p": None, "position_chi_squared": None, "position_answers": len(counted)}
    if not counted:
        return nothing
    width = max(options for _, options in counted)
    times = np.bincount([place for place, _ in counted], minlength=width)
    expected = np.zeros(width)
    for _, options in counted:
        expected[:options] += 1 / options
    found = chisquare(times, expected)
    shares = {f"chosen_{LETTERS[place]}": int(count) for place, count in enumerate(times)}
    return nothing | {
        "position_p": float(found.pvalue),
        "position_chi_squared": float(found.statistic),
        **shares,
    }
