"""What `gaokerena annotate DATASET` tells at its end."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from gaokerena_data.annotate.codes import name_of
from gaokerena_data.annotate.judgement import Judgement
from gaokerena_data.annotate.labelling import Labelled
from gaokerena_data.annotate.replies import OUTCOMES, Outcome
from gaokerena_data.tables import make_console

_MEANS: dict[Outcome, str] = {
    "labelled": "has its label",
    "refused": "the teacher declined, or a filter withheld its answer",
    "unreadable": "no answer by the schema, however often it was asked",
    "failed": "not answered; the same command asks again",
}


def print_labelled(labelled: Labelled) -> None:
    """How many rows have a label, why others have none, and what the labels say."""
    console = make_console()
    total = sum(labelled.outcomes.values())
    table = Table("rows", "number", f"of {total:,}", "meaning")
    for outcome in OUTCOMES:
        count = labelled.outcomes[outcome]
        table.add_row(outcome, f"{count:,}", f"{count / total:.1%}", _MEANS[outcome])
    console.print(table)
    if any(labelled.labels.values()):
        console.print(_by_stratum(labelled))
        faults = Counter(
            each.fault for found in labelled.labels.values() for each in found if each.fault
        )
        for fault, count in faults.most_common():
            console.print(f"{fault}: {count:,} ({name_of('faults', fault, 'en')})", markup=False)


def _by_stratum(labelled: Labelled) -> Table:
    table = Table("source", "became", "labels", "worth keeping", "stands alone", "harmful")
    for (source, became), found in labelled.labels.items():
        if found:
            table.add_row(
                source,
                became,
                f"{len(found):,}",
                _share(found, [each.worth_keeping for each in found]),
                _share(found, [each.stands_alone for each in found]),
                _share(found, [each.harmful for each in found]),
            )
    return table


def _share(found: Sequence[Judgement], said: Sequence[bool]) -> str:
    return f"{sum(said):,} of {len(found):,}"
