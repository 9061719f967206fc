"""The commands on chains of thought: `chains` asks, `self-consistency` sums up."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.evaluation.options import (
    DEFAULT_KEY_VARIABLE,
    BatchSize,
    BenchmarkName,
    BenchmarkSource,
    EndpointUrl,
    GenerationOptions,
    KeyVariable,
    Limit,
    Penalty,
    SystemOptions,
)

if TYPE_CHECKING:
    from training.evaluation.chains.decided import Decided
    from training.evaluation.chains.run_files import RunSet
    from training.evaluation.chains.summary import Rule


class ChainPrompt(StrEnum):
    """How a model is asked to think step by step."""

    OURS = "ours"
    AUTHORS = "authors"


@dataclass(frozen=True, kw_only=True)
class SampledOptions(GenerationOptions):
    """How answers are generated where several are drawn."""

    temperature: Annotated[float, typer.Option(min=0.0, help="0 allows one run alone.")] = 1.0
    seed: Annotated[int, typer.Option(help="Each batch of each run draws from it anew.")] = 0


@dataclass(frozen=True, kw_only=True)
class VoteOptions:
    """How votes are counted."""

    majority: Annotated[
        int | None,
        typer.Option(min=1, help="Votes that an option needs; more than half of the runs."),
    ] = None
    penalty: Annotated[
        str, typer.Option(help="What a wrong answer takes off, such as 0.33, 1/3 or 0.")
    ] = "0.33"
    k: Annotated[int, typer.Option(min=1, max=1000, help="pass@1 up to pass@K.")] = 3
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0

    @property
    def rule(self) -> "Rule":
        """The same in the words of the library."""
        from training.evaluation.chains.summary import Rule
        from training.evaluation.chains.votes import parse_penalty

        return Rule(self.majority, parse_penalty(self.penalty), self.k, self.seed)


@dataclass(frozen=True, kw_only=True)
class VerifierOptions:
    """Who chooses where the runs do not agree."""

    verifier: Annotated[
        str | None,
        typer.Option(
            help="Model that reads the answers of runs that do not agree; adapter-off is the runs' "
            "own model without its adapter."
        ),
    ] = None
    endpoint: EndpointUrl = None
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE
    batch_size: BatchSize = 8
    max_new_tokens: Annotated[int, typer.Option(min=1)] = 1024

    def verify(
        self, decided: "list[tuple[RunSet, Decided]]", to: Path
    ) -> "list[tuple[RunSet, Decided]]":
        """The decisions with the verifier's choices, where there is one."""
        from training.evaluation.asking.progress import shown
        from training.evaluation.chains.verifier import ADAPTER_OFF, ask_verifier, without_adapter
        from training.evaluation.systems.opening import open_model
        from training.models.decoding import Decoding

        if self.verifier is None:
            return decided
        off = self.verifier == ADAPTER_OFF
        names = [without_adapter(runs) if off else self.verifier for runs, _ in decided]
        models = {
            name: open_model(name, endpoint=self.endpoint, key_variable=self.key_variable)
            for name in dict.fromkeys(names)
        }
        verified = []
        for name, (runs, each) in zip(names, decided, strict=True):
            with shown(f"{name} reads {runs.system}, {runs.subject}") as progress:
                made = ask_verifier(
                    models[name],
                    runs,
                    each,
                    to / "verifier" / runs.subject / f"{runs.system}.jsonl",
                    batch_size=self.batch_size,
                    decoding=Decoding(self.max_new_tokens),
                    progress=progress,
                )
            verified.append((runs, made))
        return verified


def chains(
    asked: SystemOptions,
    benchmark: BenchmarkName,
    source: BenchmarkSource,
    to: Annotated[Path, typer.Option(help="Answers go to TO/SUBJECT/NAME/run-N.jsonl.")],
    generation: SampledOptions,
    name: Annotated[str | None, typer.Option(help="The system's name in file names.")] = None,
    prompt: Annotated[
        ChainPrompt, typer.Option(help="Ours, or what the authors of Gaokerena-R ask for.")
    ] = ChainPrompt.OURS,
    runs: Annotated[int, typer.Option(min=1, max=1000, help="How often each is asked.")] = 5,
    repetition_penalty: Penalty = 1.0,
    limit: Limit = None,
) -> None:
    """Let a model think step by step, several times a question; run it again to go on."""
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.outside_text import tell
    from training.evaluation.asking.missing import tell_missing
    from training.evaluation.asking.progress import shown
    from training.evaluation.chains.runs import run_chains
    from training.evaluation.questions.benchmarks import load_benchmark

    if asked.into_english:
        raise GaokerenaError("chains of thought are asked of a model: leave --into-english out")
    items = load_benchmark(benchmark, source)[:limit]
    file_name = name or asked.file_name
    with shown(f"{benchmark}, {file_name}, {runs} runs") as progress:
        paths = run_chains(
            asked.open_model(),
            items,
            to,
            prompt=prompt.value,
            runs=runs,
            file_name=file_name,
            batch_size=generation.batch_size,
            decoding=generation.decoding(repetition_penalty),
            made_with=asked.settings,
            progress=progress,
        )
    for path in paths:
        typer.echo(path)
    if line := tell_missing(paths):
        tell(line, err=True)


def self_consistency(
    answers: Annotated[
        Path, typer.Argument(help="Folder of runs: SUBJECT/SYSTEM/RUN.jsonl or .xlsx.")
    ],
    to: Annotated[Path, typer.Option(help="Folder of the page, its summary and the choices.")],
    counting: VoteOptions,
    verifying: VerifierOptions,
) -> None:
    """Count the votes of several runs a question; the authors' figures beside them.

    Self-consistency, unanswered questions, negative marking, pass@k and a verifier, with intervals
    and paired tests.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.outside_text import tell as tell_outside
    from training.evaluation.chains.decided import decide
    from training.evaluation.chains.run_files import collect_runs
    from training.evaluation.chains.summary import readers_of, sum_up, tell
    from training.evaluation.chains.told import TITLE, sections
    from training.evaluation.report.page import write_page
    from training.evaluation.report.summaries import write_summary

    if verifying.endpoint and not verifying.verifier:
        raise GaokerenaError("--endpoint is where the verifier is asked: give --verifier too")
    rule = counting.rule
    found = collect_runs(answers, to)
    decided = [(runs, decide(runs, readers_of(runs)[0], rule.majority)) for runs in found.sets]
    made = sum_up(found, verifying.verify(decided, to), rule)
    for each in made.figures:
        tell_outside(tell(each, rule.penalty))
    if made.cells:
        typer.echo(
            f"{len(made.cells)} published figures have files here; "
            f"{sum(cell.follows for cell in made.cells)} follow from them within 0.01"
        )
    summary = to / "chains.json"
    write_summary(summary, made.as_json())
    for path in (*write_page(TITLE, sections(made), to, "chains"), summary):
        typer.echo(path)
