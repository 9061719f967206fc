"""What the review commands print."""

from pathlib import Path
from typing import TYPE_CHECKING

from gaokerena_data.tables import count_table, make_console

if TYPE_CHECKING:
    from gaokerena_data.review.agreement import Agreement, AgreementReport, Measure
    from gaokerena_data.review.export import Exported
    from gaokerena_data.review.incoming import Imported
    from gaokerena_data.review.settle import Settled


def print_export(exported: "Exported") -> None:
    """A batch's name, and what each reviewer is to get."""
    console = make_console()
    batch = exported.batch
    shared = sum(len(row.reviewers) > 1 for row in batch.rows)
    console.print(
        f"batch {batch.name}: {len(batch.rows):,} rows of {batch.dataset} "
        f"{batch.dataset_version}, {shared:,} of them for several reviewers"
    )
    for name, file in exported.files.items():
        rows = sum(name in row.reviewers for row in batch.rows)
        console.print(f"  {name}: {rows:,} rows -> {file}")


def print_import(file: Path, imported: "Imported") -> None:
    """What became of a file's rows; refused ones on stderr."""
    console = make_console()
    known = imported.decided - imported.added
    console.print(
        f"{file.name}: batch {imported.batch}, {imported.reviewer}: {imported.added:,} decisions "
        f"added, {known:,} known, {imported.open:,} rows open, {len(imported.refused):,} refused",
        markup=False,
    )
    errors = make_console(stderr=True)
    for line in imported.refused:
        errors.print(f"refused: {line}")


def print_agreement(report: "AgreementReport", settled: "Settled", log: Path) -> None:
    """The figures, who said what, and the conflicts."""
    console = make_console()
    lines = {"all": report.overall} | report.by_source | report.by_pair
    console.print(
        count_table(
            "Agreement (95 % bootstrap interval)",
            ("on", "rows", "raw", "Cohen's kappa", "Fleiss' kappa", "Krippendorff's alpha"),
            [(name, *_figures(one)) for name, one in lines.items()],
        )
    )
    console.print(
        count_table(
            "Decisions",
            ("reviewer", *next(iter(report.choices.values()))),
            [(name, *counts.values()) for name, counts in report.choices.items()],
        )
    )
    conflicts = {
        place[0]: verdict for place, verdict in settled.verdicts.items() if verdict.is_conflict
    }
    console.print(f"{len(conflicts):,} conflicts between reviewers")
    for record_id, verdict in conflicts.items():
        votes = ", ".join(f"{vote.reviewer} {vote.choice}" for vote in verdict.votes)
        console.print(f"  {record_id}: {votes} -> {verdict.outcome}")
    waiting = sum(verdict.outcome == "ask_again" for verdict in settled.verdicts.values())
    if waiting:
        console.print(f"{waiting:,} rows wait for `gaokerena review export --ask-again`")
    console.print(f"-> {log.with_suffix('.agreement.json')}")


def _figures(agreement: "Agreement") -> tuple[object, ...]:
    return (
        agreement.rows,
        _figure(agreement.raw),
        _figure(agreement.cohen),
        _figure(agreement.fleiss),
        _figure(agreement.alpha),
    )


def _figure(measure: "Measure") -> str:
    if measure.value is None:
        return "-"
    return f"{measure.value:.2f} [{measure.low:.2f}, {measure.high:.2f}]"
