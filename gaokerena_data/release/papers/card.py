"""The dataset card, rendered from the release's own data: no number in it is typed by hand."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from cards.templates import template_environment
from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.release.folder import SOURCE_COLUMNS
from gaokerena_data.release.inputs import ReleaseInput, Tables
from gaokerena_data.release.papers.metadata import check_card, front_matter, make_metadata
from gaokerena_data.release.statistics import ALL, PERCENTILES
from gaokerena_data.sources import SOURCES, Source

PRIVACY_STEPS = ("privacy@", "personal_data@", "redact@")


@dataclass(frozen=True, slots=True)
class Papers:
    """What a release says of itself.

    Args:
        version: its version.
        statistics: see `release.statistics`.
        changelog: the dataset's entries, the newest first.
        notes: Markdown of a maintainer's own hand, which stands in the card as it is.
        contamination: see `release.papers.contamination`.
    """

    version: str
    statistics: dict[str, Any]
    changelog: list[dict[str, Any]]
    notes: str | None
    contamination: dict[str, Any] | None


def render_card(given: ReleaseInput, tables: Tables, papers: Papers, figures: list[str]) -> str:
    """The card of a release.

    Args:
        given: what the release was made of.
        tables: config -> split -> published table.
        papers: what else is known of it.
        figures: names of those that were drawn.

    Returns:
        Markdown with the Hub's YAML metadata in front.

    Raises:
        GaokerenaError: metadata that the Hub would refuse, or a gap in the text.
    """
    environment = template_environment(html=False)  # texts of records are not in it
    environment.filters["number"] = "{:,}".format
    environment.filters["percent"] = "{:.0%}".format
    environment.filters["share"] = "{:.1%}".format
    environment.filters["millions"] = _in_millions
    run = given.run
    declaration = given.declaration
    template = "benchmark.md.j2" if isinstance(declaration, Benchmark) else declaration.card
    card = environment.get_template(template).render(
        metadata=front_matter(make_metadata(declaration, tables)),
        dataset=given.dataset,
        declaration=declaration,
        licence=licence_name(declaration.licence),
        version=papers.version,
        title=declaration.title,
        repository=given.repository,
        rows=_rows(tables),
        sources=_sources(tables),
        records=run["records"],
        kept=sum(row["rows"] for row in run["funnel"] if row["decision"] == "kept"),
        reasons=_reasons(run),
        privacy=_reasons(run, PRIVACY_STEPS),
        leakage=run["leakage"],
        contamination=papers.contamination,
        settings=run["settings"],
        review=run.get("review"),
        changelog=papers.changelog,
        notes=papers.notes,
        figures=figures,
        tokenizer=papers.statistics["tokenizer"]["name"],
        statistics=_statistics(papers.statistics),
        tokens=_count_tokens(papers.statistics),
        quasi_identifiers=papers.statistics.get("quasi_identifiers"),
        scores=papers.statistics.get("scores"),
    )
    # A maintainer may write "None of these": only what was filled in is looked through.
    check_card(card.replace(papers.notes, "") if papers.notes else card)
    return card


def licence_name(licence: str) -> str:
    """A licence as people write it: "CC BY-NC-SA 4.0" for the Hub's "cc-by-nc-sa-4.0"."""
    family, _, rest = licence.partition("-")
    if family != "cc" or "-" not in rest:
        return licence
    terms, _, version = rest.upper().rpartition("-")
    return f"CC {terms} {version}"


def _statistics(statistics: dict[str, Any]) -> list[dict[str, Any]]:
    """One line for each text of each split."""
    middle = PERCENTILES.index(50)
    return [
        {
            "config": config,
            "split": split,
            "column": column,
            **{unit: text[unit]["sum"] for unit in ("words", "tokens", "characters")},
            "median": text["words"]["percentiles"][middle],
            "low": text["words"]["percentiles"][PERCENTILES.index(5)],
            "high": text["words"]["percentiles"][PERCENTILES.index(95)],
            "persian": text["persian_share"] or 0,
            "answers": facts[ALL].get("answers_a_question"),
            "dates": facts[ALL]["dates"],
        }
        for config, splits in statistics["configs"].items()
        for split, facts in splits.items()
        for column, text in facts[ALL]["texts"].items()
        if text["rows"]
    ]


def _count_tokens(statistics: dict[str, Any]) -> int:
    """Tokens of the texts of a config that holds each row once."""
    configs = statistics["configs"]
    counted = {"default": configs["default"]} if "default" in configs else configs
    return sum(
        text["tokens"]["sum"]
        for splits in counted.values()
        for facts in splits.values()
        for text in facts[ALL]["texts"].values()
    )


def _rows(tables: Tables) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        config: {
            split: {"rows": table.num_rows, "sources": _count_sources(table)}
            for split, table in splits.items()
        }
        for config, splits in tables.items()
    }


def _count_sources(table: Any) -> dict[str, int]:
    column = next((name for name in SOURCE_COLUMNS if name in table.column_names), None)
    if column is None:
        return {}
    return dict(sorted(Counter(table[column].to_pylist()).items()))


def _sources(tables: Tables) -> list[Source]:
    found = {
        name
        for splits in tables.values()
        for table in splits.values()
        for name in _count_sources(table)
    }
    return [source for name, source in SOURCES.items() if name in found]


def _reasons(run: dict[str, Any], steps: tuple[str, ...] = ("",)) -> list[tuple[str, str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in run["funnel"]:
        if row["decision"] == "dropped" and row["step"].startswith(steps):
            counts[row["step"], row["reason"]] += row["rows"]
    return [(step, reason, rows) for (step, reason), rows in counts.most_common()]


def _in_millions(count: int) -> str:
    return f"{count / 1e6:.1f}M" if count >= 100_000 else f"{count / 1e3:.1f}K"
