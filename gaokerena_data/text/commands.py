"""`gaokerena text`: try the text functions on a file or on standard input."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gaokerena_data.errors import GaokerenaError

app = typer.Typer(no_args_is_help=True, help="Try the text functions on a file or stdin.")

File = Annotated[str, typer.Argument(help="A UTF-8 text file; - reads standard input.")]
_LONGEST_DIFF = 5_000  # characters of a line; comparing longer ones takes too long to look at


@app.command()
def normalize(
    file: File = "-",
    digits: Annotated[
        Literal["persian", "as_written"],
        typer.Option(help="Write digits in Persian, or leave their script alone."),
    ] = "persian",
) -> None:
    """Normalize a text: on a terminal the changed lines in colour, elsewhere the whole text."""
    from gaokerena_data.text.normalizer import normalize as normalize_text

    text = _read(file)
    result = normalize_text(text, digits=digits)
    if sys.stdout.isatty():
        _show_difference(text, result)
    else:
        typer.echo(result, nl=not result.endswith("\n"))


@app.command()
def language(
    file: File = "-",
    lines: Annotated[bool, typer.Option("--lines", help="One answer for each line.")] = False,
) -> None:
    """The language of a text: its code, whether its letters are Persian, and their share."""
    from gaokerena_data.text.language import detect_language
    from gaokerena_data.text.script import is_persian, persian_share

    text = _read(file)
    for part in text.splitlines() if lines else [text]:
        letters = "persian letters" if is_persian(part) else "other letters"
        typer.echo(f"{detect_language(part)}\t{letters}\t{persian_share(part):.2f}")


@app.command()
def privacy(
    file: File = "-",
    spans: Annotated[
        bool,
        typer.Option("--spans", help="List start, end and kind of each span, never its text."),
    ] = False,
    ner: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Find names by this model too: a name or a folder."),
    ] = None,
) -> None:
    """A text without its personal data; placeholders in colour on a terminal."""
    from gaokerena_data.curate.measures.name_models import load_name_model
    from gaokerena_data.text.privacy import PLACEHOLDERS, find_personal_data, replace_spans

    text = _read(file)
    found = find_personal_data(text, load_name_model(ner, "--ner") if ner else None)
    if spans:
        for span in found:
            typer.echo(f"{span.start}\t{span.end}\t{span.kind}")
        return
    result = replace_spans(text, found)
    if sys.stdout.isatty():
        for placeholder in sorted(set(PLACEHOLDERS.values())):
            result = result.replace(placeholder, typer.style(placeholder, fg="green", bold=True))
    typer.echo(result, nl=not result.endswith("\n"))


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise GaokerenaError(
            f"{file} cannot be read ({error.strerror}): name a text file, or - for standard input"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GaokerenaError(
            f"{file} is not UTF-8 at byte {error.start}: save it as UTF-8 and try again"
        ) from error


def _show_difference(before: str, after: str) -> None:
    """Print the changed lines, with what was taken in red and what was put in green."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(), after.splitlines()
    changed = 0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, i, j, k, m in matcher.get_opcodes():
        if operation == "equal":
            continue
        changed += max(j - i, m - k)
        if j - i == m - k:
            for first, second in zip(old[i:j], new[k:m], strict=True):
                typer.echo(_in_colour(first, second))
        else:
            for line in old[i:j]:
                typer.secho(line, fg="red")
            for line in new[k:m]:
                typer.secho(line, fg="green")
    typer.echo(f"{changed} of {len(old)} lines changed", err=True)


def _in_colour(before: str, after: str) -> str:
    from difflib import SequenceMatcher

    if max(len(before), len(after)) > _LONGEST_DIFF:
        return typer.style(before, fg="red") + "\n" + typer.style(after, fg="green")
    pieces = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, i, j, k, m in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(before[i:j])
            continue
        # A ZWNJ is invisible, so show it as a mark.
        taken, put = (part.replace("\u200c", "⁃") for part in (before[i:j], after[k:m]))
        pieces += [typer.style(taken, fg="red", strikethrough=True)] if taken else []
        pieces += [typer.style(put, fg="green", bold=True)] if put else []
    return "".join(pieces)
