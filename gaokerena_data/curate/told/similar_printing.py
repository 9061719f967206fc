"""What `gaokerena similar` prints."""

from rich.console import Console
from rich.text import Text

from gaokerena_data.curate.told.printing import isolate
from gaokerena_data.curate.told.similar import Similar, SimilarRecords
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.ledger import LedgerRow
from gaokerena_data.tables import make_console


def print_similar(seen: SimilarRecords, declaration: Declaration) -> None:
    """The records that are like what was looked up, and what a reader must know to judge it.

    Args:
        seen: what was found.
        declaration: of the dataset.
    """
    console = make_console()
    asked = "this text" if seen.query is None else f"{seen.query.id} ({_outcome(seen.query)})"
    count = len(seen.found) + seen.more
    console.print(
        Text(
            f"{count:,} of {seen.records:,} records of {declaration.name} "
            f"{'is' if count == 1 else 'are'} like {asked}, "
            f"by a Jaccard similarity of {seen.threshold:g} or more",
            style="bold",
        )
    )
    for each in seen.found:
        _print_record(console, each, declaration.kind.texts)
    if seen.is_private and seen.found:
        console.print("Their texts are not shown, since this record's may not be.")
    if seen.more:
        console.print(f"{seen.more:,} more: raise --limit to see them.")
    if seen.private:
        console.print(f"{seen.private:,} more, taken down or with personal data: not shown.")
    if seen.too_short:
        whose = "It" if seen.query is None else f"Its {' and its '.join(seen.too_short)}"
        console.print(
            f"{whose} has fewer than {seen.shingle_words} words: only equal words are found."
        )
    if seen.threshold < 1 and (seen.query or not seen.too_short):
        console.print(
            f"A text of similarity {seen.threshold:g} is found with a probability of "
            f"{seen.reach:.1%}, a more similar one more surely."
        )


def _print_record(console: Console, each: Similar, names: tuple[str, str]) -> None:
    facts = [each.row.id, each.row.source, _outcome(each.row)]
    similarities = zip(names, (each.heading, each.body), strict=True)
    facts += [f"{name} {value:.3f}" for name, value in similarities if value is not None]
    if each.holds and not each.is_held:
        facts.append(f"its {each.best} holds all of it")
    if each.is_held and not each.holds:
        facts.append(f"all of its {each.best} stands in it")
    console.print(Text("  " + "  ".join(facts)))
    for name, text in each.texts.items():
        if text:
            console.print(Text(f"    {name}: {isolate(text)}"))


def _outcome(row: LedgerRow) -> str:
    if row.decision == "kept":
        return row.reason
    kept = "" if row.keeper in (None, row.id) else f", for {row.keeper}"
    return f"dropped by {row.step}: {row.reason}{kept}"
