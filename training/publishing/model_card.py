"""The card of a model, filled from its runs: no number in it is typed by hand."""

import re
from pathlib import Path
from typing import Any

import yaml
from huggingface_hub import EvalResult, ModelCardData

from cards.templates import template_environment
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.hub.repository import REPOSITORY_ID
from training.evaluation.questions.paper import paper_tables
from training.evaluation.report.render import interval, markdown, percent
from training.models.adapters import ADAPTER_CONFIG
from training.models.provenance import RUNS
from training.publishing.eval_results import eval_results, find_system
from training.publishing.preferences import preference_method, preference_sentence
from training.publishing.publication import Publication
from training.runs.footprint import add_up
from training.runs.json_files import read_json

_LIBRARY = {"adapter": "peft", "model": "transformers", "vision": "transformers"}
_RELATION = {"adapter": "adapter", "model": "finetune", "vision": "merge"}
_COHERE = re.compile(r"(CohereLabs|CohereForAI)/aya-(expanse|vision)-\w+")


def render_card(
    publication: Publication,
    repository: str,
    version: str,
    *,
    license_id: str | None = None,
    evaluation: dict[str, Any] | None = None,
    system: str | None = None,
) -> str:
    """The card of a version.

    Args:
        publication: what it is of.
        repository: where it goes, `ORGANIZATION/NAME`.
        version: such as `1.0.0`.
        license_id: the Hub's name of a licence; that of the base where it is known.
        evaluation: report.json of `gaokerena evaluate report`.
        system: which system of it the model is; the one that is called as the repository is.

    Returns:
        Markdown with the Hub's YAML metadata in front.

    Raises:
        GaokerenaError: nobody knows the base's licence, or the evaluation has no such system.
    """
    runs = publication.run_metadata()
    license_id = license_id or _license_of(publication.base)
    environment = template_environment(html=False)  # `md` escapes what comes from files
    environment.filters.update(
        md=markdown, fenced=fenced, figures=significant, percent=lambda share: f"{share:.1%}"
    )
    footprints = {name: run["footprint"] for name, run in runs.items() if run.get("footprint")}
    own = find_system(evaluation, repository, system) if evaluation else None
    results = eval_results(evaluation, own) if evaluation and own else []
    last = next(reversed(footprints.values()), None)
    return environment.get_template("model.md.j2").render(
        metadata=_metadata(publication, runs, license_id, repository, results),
        title=repository.rpartition("/")[2],
        repository=repository,
        version=version,
        kind=publication.kind,
        base=publication.base,
        vision=publication.vision,
        license=license_id,
        rank=_rank(publication),
        runs=[_run(publication, name, run) for name, run in runs.items()],
        facts=_facts(list(runs.values())),
        merge=publication.merge,
        footprints=_footprints(runs),
        formula=last and last["formula"],
        grid=last and last["measured"] and last["measured"]["factor"],
        evaluation=evaluation and _evaluation(evaluation),
    )


def read_evaluation(file: Path) -> dict[str, Any]:
    """report.json of `gaokerena evaluate report`.

    Raises:
        GaokerenaError: it is something else.
    """
    report = read_json(file)
    cells = report.get("cells")
    if not isinstance(cells, list) or not all(
        isinstance(cell, dict) and {"subject", "system", "human", "ours"} <= cell.keys()
        for cell in cells
    ):
        raise GaokerenaError(
            f"{file} is no evaluation: give the report.json of `gaokerena evaluate report`"
        )
    return report


def fenced(text: str, language: str) -> str:
    """A code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def significant(number: float | None) -> str:
    """Three significant digits, and never an exponent for what people read."""
    if number is None:
        return "unknown"
    return f"{number:,.3g}" if number == 0 or 1e-3 <= abs(number) < 1e3 else _plain(number)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1e3 else f"{number:.1e}"


def _license_of(base: str) -> str:
    if _COHERE.fullmatch(base):
        return "cc-by-nc-4.0"
    raise GaokerenaError(
        f"nobody told under which licence {base} is: give --license with the Hub's name of it "
        "(apache-2.0, cc-by-nc-4.0)"
    )


def _metadata(
    publication: Publication,
    runs: dict[str, dict[str, Any]],
    license_id: str,
    repository: str,
    results: list[EvalResult],
) -> str:
    read = [run["dataset"] for run in runs.values() if run.get("dataset")]
    named = [each["name"] for dataset in read for each in dataset.get("sets", [dataset])]
    parents = [publication.vision, publication.base] if publication.vision else publication.base
    data = ModelCardData(
        language=["fa"],
        license=license_id,
        library_name=_LIBRARY[publication.kind],
        pipeline_tag="image-text-to-text" if publication.kind == "vision" else "text-generation",
        base_model=parents,
        base_model_relation=_RELATION[publication.kind],
        datasets=sorted({name for name in named if REPOSITORY_ID.fullmatch(name)}) or None,
        tags=["medical", "persian", "lora", "gaokerena"],
        model_name=repository.rpartition("/")[2] if results else None,
        eval_results=results or None,
    )
    return f"{data.to_yaml()}\n"


def _rank(publication: Publication) -> int:
    if publication.kind != "adapter":
        return 0
    return int(read_json(publication.folder / ADAPTER_CONFIG)["r"])


def _run(publication: Publication, name: str, run: dict[str, Any]) -> dict[str, Any]:
    drawn, margins = (
        (publication.runs[name] / f"{figure}.png").is_file() for figure in ("loss", "margins")
    )
    return {
        "stage": run["stage"],
        "sha": _of(run, "dataset", "sha"),
        "commit": _of(run, "git_commit"),
        "picture": f"{RUNS}/{name}/loss.png" if drawn else None,
        "margins": f"{RUNS}/{name}/margins.png" if margins else None,
        "preference": preference_sentence(run),
        "recipe": yaml.safe_dump(run.get("recipe", {}), sort_keys=False, allow_unicode=True),
    }


def _facts(runs: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """One line a fact, one column a run; a fact that no run states is left out."""
    lines = {
        "dataset": [_dataset(run) for run in runs],
        "version": [_of(run, "dataset", "revision") for run in runs],
        "rows": [_rows(run) for run in runs],
        "tokens trained on": [_of(run, "tokens", "trained_tokens") for run in runs],
        "LoRA": [_lora(run) for run in runs],
        "learning rate": [_of(run, "recipe", "optimizer", "learning_rate") for run in runs],
        "batch": [_batch(run) for run in runs],
        "steps": [_of(run, "steps") for run in runs],
        "method": [preference_method(run) for run in runs],
        "pairs trained on": [
            _of(run, "tokens", "rows") * (run["stage"] == "prefer") for run in runs
        ],
        "held-out pairs": [_of(run, "dataset", "held_out", "pairs") for run in runs],
        "held-out reward margin": [_of(run, "held_out", "margin") for run in runs],
        "held-out pairs put right": [_of(run, "held_out", "accuracy") for run in runs],
        "final loss": [_of(run, "final_loss") for run in runs],
        "held-out loss": [_of(run, "eval_loss") for run in runs],
        "attention": [_of(run, "attention") for run in runs],
        "precision": [_of(run, "dtype") for run in runs],
        "hardware": [_hardware(run) for run in runs],
    }
    return [
        (label, [value or "not recorded" for value in values])
        for label, values in lines.items()
        if any(values)
    ]


def _of(run: dict[str, Any], *keys: str) -> str:
    """A value inside of a run's metadata as text, "" where there is none."""
    value: Any = run
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _dataset(run: dict[str, Any]) -> str:
    parts = [_of(run, "dataset", "name"), _of(run, "dataset", "config")]
    return ", ".join([*filter(None, parts), f"split {_of(run, 'dataset', 'split')}"])


def _rows(run: dict[str, Any]) -> str:
    used, rows = _of(run, "dataset", "rows_used"), _of(run, "dataset", "rows")
    return f"{used} of {rows}" if used and rows else used or rows


def _lora(run: dict[str, Any]) -> str:
    lora = {key: _of(run, "recipe", "lora", key) for key in ("rank", "alpha", "dropout")}
    stated = run.get("recipe", {}).get("lora", {})
    kinds = [name for key, name in (("rslora", "rsLoRA"), ("dora", "DoRA")) if stated.get(key)]
    return ", ".join([*(f"{key} {value}" for key, value in lora.items() if value), *kinds])


def _batch(run: dict[str, Any]) -> str:
    size, accumulation = (_of(run, "recipe", "batch", key) for key in ("size", "accumulation"))
    processes = _of(run, "hardware", "processes")
    return " x ".join(filter(None, (size, accumulation, processes if processes != "1" else "")))


def _hardware(run: dict[str, Any]) -> str:
    measured = _of(run, "footprint", "measured", "cpu")  # a model's name, not only its kind
    return _of(run, "hardware", "gpu_name") or measured or _of(run, "hardware", "cpu")


def _footprints(runs: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found = [(run["stage"], run["footprint"]) for run in runs.values() if run.get("footprint")]
    lines = [{"stage": stage, **add_up([footprint])} for stage, footprint in found]
    if len(lines) > 1:
        lines.append({"stage": "together", **add_up([footprint for _, footprint in found])})
    return lines


def _evaluation(report: dict[str, Any]) -> dict[str, Any]:
    """The cells that were answered: one row a subject, one column a system."""
    tables = paper_tables()
    labels = {name: system["label"] for name, system in tables["systems"].items()}
    subjects = (
        tables["subjects"] | report.get("others", {}) | {"mmlu_average": "MMLU, micro average"}
    )
    cells = {
        (cell["subject"], cell["system"]): found["accuracy"]
        for cell in report["cells"]
        if (found := cell["human"] or cell["ours"])
    }
    systems = list(dict.fromkeys(system for _, system in cells))
    rows = list(dict.fromkeys(subject for subject, _ in cells))
    return {
        "systems": [labels.get(system, system) for system in systems],
        "rows": [
            (
                subjects.get(subject, subject),
                [_accuracy(cells.get((subject, system))) for system in systems],
            )
            for subject in rows
        ],
    }


def _accuracy(found: dict[str, Any] | None) -> str:
    if found is None:
        return "–"
    share = found["hits"] / found["total"] if found["total"] else 0.0
    return f"{percent(share)} ({interval(found['interval'])}; {found['total']:,})"
