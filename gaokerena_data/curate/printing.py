"""What `gaokerena curate` prints."""

from rich.console import Console
from rich.text import Text

from gaokerena_data.curate.compare import OTHER_KEEPER, Change, Comparison
from gaokerena_data.curate.preview import Preview
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.tables import count_table, make_console

MAX_TEXT = 160  # characters of a text in a sample
# A terminal lays out each line by its first strong letter: texts of the other direction are kept
# from reordering what stands around them (Unicode's first strong isolate, and its end).
_ISOLATE, _END = "\u2068", "\u2069"


def print_preview(preview: Preview) -> None:
    """What new thresholds would change: causes, sums, and some records of each change."""
    console = make_console()
    comparison = preview.comparison
    console.print(f"Compared with {comparison.run}; nothing was written.")
    _print_causes(console, comparison)
    outcomes = [
        (step, reason, before, after, f"{after - before:+,}" if after != before else "")
        for (step, reason), (before, after) in comparison.outcomes.items()
    ]
    console.print(
        count_table("Records", ("rule", "reason or split", "before", "after", "change"), outcomes)
    )
    sources = [
        (name, records, before, after, f"{after - before:+,}" if after != before else "")
        for name, (before, after, records) in comparison.sources.items()
    ]
    columns = ("source", "records", "kept before", "kept after", "change")
    console.print(count_table("Kept by source", columns, sources))
    if not comparison.changes:
        console.print("no record stands differently")
        return
    rows = [
        (kind, rule, len(changes), _by_source(changes))
        for kind, rule, changes in comparison.groups()
    ]
    console.print(
        count_table("Records that stand differently", ("change", "rule", "records", "of"), rows)
    )
    for kind, rule, count, shown in preview.samples:
        if shown:
            console.print(Text(f"\n{kind}, {rule}: {len(shown):,} of {count:,}", style="bold"))
        for change in shown:
            _print_change(console, change, preview.texts)


def isolate(text: str, length: int = MAX_TEXT) -> str:
    """A text on one line, cut, that does not disturb the direction of what stands around it."""
    line = " ".join(text.replace(_ISOLATE, "").replace(_END, "").split())
    return f"{_ISOLATE}{line if len(line) <= length else line[: length - 1] + '…'}{_END}"


def _print_causes(console: Console, comparison: Comparison) -> None:
    if comparison.settings:
        rows = [(key, _shown(old), _shown(new)) for key, old, new in comparison.settings]
        console.print(count_table("Thresholds", ("key", "before", "after"), rows))
    else:
        console.print("the thresholds are the same")
    if comparison.inputs:
        console.print(
            f"The records are not the same: {comparison.only_after:,} have come, "
            f"{comparison.only_before:,} are gone ({len(comparison.inputs):,} files differ: "
            f"{', '.join(comparison.inputs[:3])}{', …' if len(comparison.inputs) > 3 else ''})."
        )
    if comparison.measures:
        before, after = comparison.measures
        console.print(f"They were measured by {before}, now by {after}.")


def _by_source(changes: list[Change]) -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.after.source] = counts.get(change.after.source, 0) + 1
    return ", ".join(f"{name} {counts[name]:,}" for name in sorted(counts))


def _print_change(console: Console, change: Change, texts: dict[str, dict[str, str]]) -> None:
    row = change.deciding
    facts = [change.after.id, change.after.source, *_measured(row)]
    if row.detail:
        facts.append(isolate(row.detail))
    console.print(Text("  " + "  ".join(facts)))
    _print_texts(console, change.after.id, texts, "    ")
    keepers = [row.keeper]
    if change.kind == OTHER_KEEPER:
        keepers = [change.before.keeper, change.after.keeper]
    for keeper, when in zip(keepers, ("before", "after"), strict=False):
        if keeper is not None and keeper != change.after.id:
            title = "kept in its place" + (f" {when}" if len(keepers) > 1 else "")
            console.print(Text(f"    {title}: {keeper}"))
            _print_texts(console, keeper, texts, "      ")


def _print_texts(
    console: Console, record_id: str, texts: dict[str, dict[str, str]], margin: str
) -> None:
    if record_id not in texts:
        console.print(Text(f"{margin}(its texts are not shown: private, or gone)", style="dim"))
        return
    for name, text in texts[record_id].items():
        if text:
            console.print(Text(f"{margin}{name}: {isolate(text)}"))


def _measured(row: LedgerRow) -> list[str]:
    facts = []
    if row.value is not None:
        held = "" if row.threshold is None else f", threshold {row.threshold:g}"
        facts.append(f"value {row.value:.4g}{held}")
    if row.similarity is not None:
        facts.append(f"similarity {row.similarity:.3f}")
    return facts


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
