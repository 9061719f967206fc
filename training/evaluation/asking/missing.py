"""What an endpoint gave no answer to, told by reasons."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gaokerena_data.endpoints.reply import UNANSWERED
from gaokerena_data.errors import GaokerenaError
from training.evaluation.asking.answer_log import read_log


def tell_missing(paths: Iterable[Path]) -> str | None:
    """One line on the questions of answer files that have no answer; None where all have one.

    Args:
        paths: files that `run_choices` or `run_free_form` wrote.

    Raises:
        GaokerenaError: none of them has one.
    """
    entries = [entry for path in paths for entry in read_log(path)]
    missing = [entry for entry in entries if entry.get("missing")]
    if not missing:
        return None
    counts = Counter(str(entry["missing"]) for entry in missing)
    by_reason = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
    line = (
        f"{len(missing)} of {len(entries)} questions have no answer: {by_reason} (the first: "
        f"{missing[0].get('because')})"
    )
    if UNANSWERED & counts.keys():
        line += "; run the same command again to ask the rejected and failed ones again"
    if len(missing) == len(entries):
        raise GaokerenaError(line)
    return line
