"""`gaokerena translate kqa|mmlu`: a benchmark into Persian."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from training.evaluation.options import (
    DEFAULT_KEY_VARIABLE,
    BatchSize,
    EndpointUrl,
    KeyVariable,
    grouped,
)

app = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, kw_only=True)
class TranslationOptions:
    """What is translated, by what, and where it goes."""

    source: Annotated[Path, typer.Argument(help="The English benchmark (.jsonl, .xlsx, .csv).")]
    to: Annotated[Path, typer.Option(help="The translated benchmark (.jsonl).")]
    translator: Annotated[str, typer.Option(help="Folder, Hub repository, or endpoint's name.")]
    chat: Annotated[bool, typer.Option("--chat", help="The translator is a chat model.")] = False
    endpoint: EndpointUrl = None
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE
    names: Annotated[Path | None, typer.Option(help="Names to keep, one a line.")] = None
    corrections: Annotated[
        Path | None, typer.Option(help="A reviewed NAME.review.jsonl, its translations set right.")
    ] = None
    referee: Annotated[
        list[str] | None,
        typer.Option(help="Model that rates translations 0 to 5; give two. Kept where all say 5."),
    ] = None
    referee_endpoint: Annotated[
        str | None, typer.Option(help="Where the referees are, if not at --endpoint.")
    ] = None
    batch_size: BatchSize = 16

    def translate(self, kind: str) -> None:
        """Translate what is missing, and tell what came of it."""
        from training.evaluation.asking.progress import shown
        from training.evaluation.asking.translation import read_corrections, translate_rows
        from training.evaluation.questions.rows import read_rows
        from training.evaluation.systems.opening import open_model, open_translator

        translator = open_translator(
            self.translator, chat=self.chat, endpoint=self.endpoint, key_variable=self.key_variable
        )
        referees = [
            open_model(
                name,
                endpoint=self.referee_endpoint or self.endpoint,
                key_variable=self.key_variable,
            )
            for name in dict.fromkeys(self.referee or ())
        ]
        with shown(f"{kind}, {translator.name}") as progress:
            count = translate_rows(
                kind,
                list(read_rows(str(self.source), "test")),
                translator,
                self.to,
                names=self.names.read_text(encoding="utf-8").split("\n") if self.names else (),
                corrections=read_corrections(self.corrections) if self.corrections else None,
                referees=referees,
                batch_size=self.batch_size,
                progress=progress,
            )
        review = self.to.with_suffix(".review.jsonl")
        typer.echo(
            f"{count.written} rows in {self.to}; {count.to_review} wait for review in {review}"
        )


@app.command()
@grouped
def kqa(given: TranslationOptions) -> None:
    """Translate K-QA; run it again to go on after a stop, or with --corrections after review."""
    given.translate("kqa")


@app.command()
@grouped
def mmlu(given: TranslationOptions) -> None:
    """Translate one subject of MMLU; run it again to go on, or with --corrections."""
    given.translate("mmlu")
