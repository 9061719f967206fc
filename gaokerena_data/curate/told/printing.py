"""What `gaokerena curate` prints."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gaokerena_data.curate.run import Curation
from gaokerena_data.curate.told.compare import OTHER_KEEPER, Change, Comparison
from gaokerena_data.curate.told.preview import Preview
from gaokerena_data.drawing import share
from gaokerena_data.funnel import Funnel
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.tables import count_table, make_console

BAR = 30  # characters of the longest bar
MAX_TEXT = 160  # characters of a text in a sample
# A terminal lays out each line by its first strong letter: texts of the other direction are kept
# from reordering what stands around them (Unicode's first strong isolate, and its end).
_ISOLATE, _END = "\u2068", "\u2069"


def print_curation(curation: Curation) -> None:
    """The funnel of a curation, its splits, its leakage table and its sum."""
    console = make_console()
    _print_funnel(console, curation.funnel)
    console.print(count_table("Kept", ("split", "records"), list(curation.splits.items())))
    if curation.leaks:
        console.print(
            count_table(
                "Leakage between the splits",
                ("compared", "of", "in", "identical", "nearly identical", "contained", "rows"),
                [
                    (
                        *(leak.field, leak.split, leak.other),
                        *(leak.identical, leak.near, leak.contained, leak.rows),
                    )
                    for leak in curation.leaks
                ],
            )
        )
    if curation.stale_reviews:
        console.print(
            f"{len(curation.stale_reviews):,} reviewed records have changed since, so their "
            f"decisions rest: {', '.join(curation.stale_reviews[:5])}"
        )
    kept = sum(curation.splits.values())
    dropped = sum(loss.rows for loss in curation.funnel.dropped)
    console.print(f"{curation.records:,} records in = {kept:,} kept + {dropped:,} in the ledger")
    console.print(f"-> {curation.folder}")


def _print_funnel(console: Console, funnel: Funnel) -> None:
    rows = funnel.rows()
    total = left = rows[0].rows
    lines = []
    for row in rows:
        before = left
        left = left - row.rows if row.is_loss else row.rows
        bar = Text(_bar(left, total), style="blue")
        if row.is_loss:
            # At least a mark, however little was lost.
            lost = max(len(_bar(before, total)) - len(bar), 1)
            bar.append(lost * "░", style="red")
        sign = "-" if row.is_loss else ""
        lines.append((Text(row.label), f"{sign}{row.rows:,}", share(row.rows, total), bar))
    table = Table(title="Funnel", title_justify="left", title_style="bold")
    table.add_column()
    table.add_column("rows", justify="right")
    table.add_column("share", justify="right")
    table.add_column()
    for line in lines:
        table.add_row(*line)
    console.print(table)
    sources = [
        (name, records, kept, share(kept, records), _greatest(funnel, name))
        for name, records in funnel.records.items()
        for kept in [funnel.kept.get(name, 0)]
    ]
    columns = ("source", "records", "kept", "share", "left out most")
    console.print(count_table("By source", columns, sources))


def _bar(count: int, total: int) -> str:
    return "█" * round(BAR * count / (total or 1))


def _greatest(funnel: Funnel, source: str) -> str:
    """The three rules that left out most of a source."""
    losses = [(loss.sources.get(source, 0), loss.reason) for loss in funnel.dropped]
    greatest = sorted((each for each in losses if each[0]), key=lambda each: (-each[0], each[1]))
    return ", ".join(f"{reason.replace('_', ' ')} {rows:,}" for rows, reason in greatest[:3])


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


def isolate(text: str, start: int = 0) -> str:
    """A part of a text on one line, which does not disturb the direction of what is around it.

    Args:
        text: any text.
        start: the character where the part begins.
    """
    line = " ".join(text[start:].replace(_ISOLATE, "").replace(_END, "").split())
    line = line if len(line) <= MAX_TEXT else f"{line[: MAX_TEXT - 1]}…"
    return f"{_ISOLATE}{'…' if start else ''}{line}{_END}"


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
    keepers = {"": row.keeper}
    if change.kind == OTHER_KEEPER:
        keepers = {" before": change.before.keeper, " after": change.after.keeper}
    named = {when: keeper for when, keeper in keepers.items() if keeper not in (None, row.id)}
    shown = [texts[name] for name in (row.id, *named.values()) if name in texts]
    starts = {field: _start([each[field] for each in shown]) for field in (shown or [{}])[0]}
    _print_texts(console, row.id, texts, starts, "    ")
    for when, keeper in named.items():
        console.print(Text(f"    kept in its place{when}: {keeper}"))
        _print_texts(console, keeper or "", texts, starts, "      ")


def _start(texts: list[str]) -> int:
    """Where to begin to show texts that are to be compared: shortly before they differ."""
    if len(set(texts)) == 1:
        return 0
    columns = enumerate(zip(*texts, strict=False))
    same = next((at for at, letters in columns if len(set(letters)) > 1), min(map(len, texts)))
    if same < MAX_TEXT // 2:
        return 0
    return texts[0].rfind(" ", 0, same - MAX_TEXT // 4) + 1


def _print_texts(
    console: Console,
    record_id: str,
    texts: dict[str, dict[str, str]],
    starts: dict[str, int],
    margin: str,
) -> None:
    if record_id not in texts:
        console.print(Text(f"{margin}(its texts are not shown: private, or gone)", style="dim"))
        return
    for name, text in texts[record_id].items():
        if text:
            console.print(Text(f"{margin}{name}: {isolate(text, starts[name])}"))


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
