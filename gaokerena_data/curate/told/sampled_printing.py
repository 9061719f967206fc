"""A sample of records, on a terminal or as one page that needs no network."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.text import Text

from gaokerena_data.curate.told.sampled import Drawn
from gaokerena_data.tables import make_console

_HIDDEN = "(its words are not shown)"


def print_sample(drawn: Sequence[Drawn], there: int) -> None:
    """Every record with what became of it, and its texts as they are, never as markup."""
    console = make_console()
    for number, record in enumerate(drawn, start=1):
        console.print(Text(f"{number}. {record.ledger.id}: {story_of(record)}", style="bold"))
        for text in _texts(record):
            console.print(Text(f"  {text}"))
        console.print()
    console.print(Text(f"{len(drawn):,} of {there:,} records; `gaokerena why ID` tells more"))


def sample_page(drawn: Sequence[Drawn], there: int, title: str, language: str) -> str:
    """HTML without script; texts are escaped."""
    environment = Environment(
        loader=PackageLoader("cards", "."),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    records = [
        {"id": each.ledger.id, "story": story_of(each), "texts": _texts(each)} for each in drawn
    ]
    return environment.get_template("sample.html.j2").render(
        title=title, records=records, there=there, language=language
    )


def story_of(record: Drawn) -> str:
    """What became of it, in one line: `dropped by answer_length@1, too_short: 31 of 45`."""
    row = record.ledger
    if row.decision == "kept":
        return f"kept in {row.reason} ({row.source})"
    story = f"dropped by {row.step}, {row.reason}"
    if row.value is not None:
        story += f": {row.value:g}"
        if row.threshold is not None:
            story += f", against {row.threshold:g}"
    if row.keeper is not None:
        story += f", for {row.keeper}"
        if row.similarity is not None:
            story += f" (similarity {row.similarity:.2f})"
    if row.detail:
        story += f"; {row.detail}"
    return f"{story} ({row.source})"


def _texts(record: Drawn) -> list[str]:
    return [text for text in (record.heading, record.body) if text] or [_HIDDEN]
