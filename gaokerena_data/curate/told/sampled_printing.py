"""Records of a curation to be read, on a terminal or as one page that needs no network."""

from collections.abc import Sequence

from rich.text import Text

from cards.templates import template_environment
from gaokerena_data.curate.told.duplicate_clusters import (
    DuplicateCluster,
    Piece,
    compare_words,
)
from gaokerena_data.curate.told.sampled import Drawn
from gaokerena_data.tables import make_console

_MARKS = {"both": "{}", "kept": "[-{}-]", "dropped": "{{+{}+}}"}
_STYLES = {"both": "", "kept": "red", "dropped": "green"}
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
    records = [
        {"id": each.ledger.id, "story": story_of(each), "texts": _texts(each)} for each in drawn
    ]
    return _page("sample.html.j2", title=title, records=records, there=there, language=language)


def print_clusters(clusters: Sequence[DuplicateCluster], there: int) -> None:
    """Every kept record, and what differs in each that was left out for it."""
    console = make_console()
    for number, cluster in enumerate(clusters, start=1):
        console.print(
            Text(f"{number}. {cluster.kept.ledger.id}: {story_of(cluster.kept)}", style="bold")
        )
        for text in _texts(cluster.kept):
            console.print(Text(f"  {text}"))
        for other in cluster.dropped:
            console.print(Text(f"  {other.ledger.id}: {story_of(other)}", style="bold"))
            for pieces in _compared(cluster.kept, other):
                line = Text("    ")
                for piece in pieces:
                    line.append(_MARKS[piece.where].format(piece.text) + " ", _STYLES[piece.where])
                console.print(line)
        console.print()
    console.print(
        Text(
            f"{len(clusters):,} of {there:,} clusters, the least alike first; "
            "[-in the kept one alone-] {+in the other alone+}"
        )
    )


def clusters_page(
    clusters: Sequence[DuplicateCluster], there: int, title: str, language: str
) -> str:
    """HTML without script: the kept one beside the others, with what differs marked."""
    shown = [
        {
            "id": each.kept.ledger.id,
            "story": story_of(each.kept),
            "texts": _texts(each.kept),
            "others": [
                {
                    "id": other.ledger.id,
                    "story": story_of(other),
                    "texts": _compared(each.kept, other),
                }
                for other in each.dropped
            ],
        }
        for each in clusters
    ]
    return _page("clusters.html.j2", title=title, clusters=shown, there=there, language=language)


def _compared(kept: Drawn, other: Drawn) -> list[list[Piece]]:
    pairs = ((kept.heading, other.heading), (kept.body, other.body))
    return [compare_words(*pair) for pair in pairs if any(pair)]


def _page(template: str, **values: object) -> str:
    return template_environment(html=True).get_template(template).render(values)


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
