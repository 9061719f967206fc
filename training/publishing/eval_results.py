"""A model's scores as the Hub reads them: the block `model-index` of a card's metadata."""

from typing import Any

from huggingface_hub import EvalResult

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.repository import REPOSITORY_ID
from training.evaluation.questions.benchmarks import Part, choice_parts
from training.evaluation.questions.paper import MMLU, system_named
from training.evaluation.report.render import interval

_AVERAGE = "mmlu_average"


def find_system(report: dict[str, Any], repository: str, given: str | None) -> str | None:
    """Which system of a report a model is, None where nobody told and no name is its own.

    Args:
        report: report.json of `gaokerena evaluate report`.
        repository: where the model goes, `ORGANIZATION/NAME`.
        given: the system's name in the report, or as the paper calls it.

    Raises:
        GaokerenaError: no system with answers has the name given.
    """
    answered = list(dict.fromkeys(cell["system"] for cell in report["cells"] if _score(cell)))
    names = {name.casefold(): name for name in answered}
    wanted = given or repository.rpartition("/")[2]
    found = names.get(wanted.casefold()) or names.get(system_named(wanted) or "")
    if found is None and given is not None:
        raise GaokerenaError(
            f"the evaluation has no answers of a system called {given!r}: give --system as one of "
            f"{', '.join(answered)}"
        )
    return found


def eval_results(report: dict[str, Any], system: str) -> list[EvalResult]:
    """The accuracies of one system, one a subject of a declared benchmark, in the report's order.

    Args:
        report: report.json of `gaokerena evaluate report`.
        system: which of its systems.
    """
    parts = choice_parts()
    found = []
    for cell in report["cells"]:
        score, subject = _score(cell), cell["subject"]
        if cell["system"] != system or not score:
            continue
        part = parts.get(MMLU[0] if subject == _AVERAGE else subject)
        if part is None:
            continue
        whole = subject == _AVERAGE
        name = "accuracy, all subjects" if whole else "accuracy"
        accuracy = score["accuracy"]
        read = "people" if cell["human"] else "rules"
        found.append(
            EvalResult(
                task_type="multiple-choice",
                dataset_type=_on_the_hub(part),
                dataset_name=part.benchmark.title,
                dataset_config=None if whole else part.config,
                dataset_split=part.benchmark.split,
                metric_type="accuracy",
                metric_name=f"{name} in percent (95 % interval {interval(accuracy['interval'])}; "
                f"{accuracy['total']:,} questions; answers read by {read})",
                metric_value=round(100 * accuracy["hits"] / accuracy["total"], 2),
            )
        )
    return found


def _score(cell: dict[str, Any]) -> dict[str, Any] | None:
    score: dict[str, Any] | None = cell["human"] or cell["ours"]
    return score if score and score["accuracy"]["total"] else None


def _on_the_hub(part: Part) -> str:
    is_there = REPOSITORY_ID.fullmatch(part.benchmark.original)
    return part.benchmark.original if is_there else part.benchmark.repository
