"""The options that the commands of evaluation share, and the groups in which they take them."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # torch comes with them, which `gaokerena --help` has no need of
    from training.evaluation.systems.model import Model
    from training.evaluation.systems.system import System
    from training.models.decoding import Decoding

ModelName = Annotated[
    str, typer.Option("--model", help="Folder, Hub repository, or name at the endpoint.")
]
EndpointUrl = Annotated[
    str | None, typer.Option(help="OpenAI-compatible server, its url up to /v1.")
]
KeyVariable = Annotated[str, typer.Option(help="Environment variable of the endpoint's key.")]
BenchmarkName = Annotated[
    str, typer.Option("--benchmark", help="Such as mmlu_medical_fa or ibmsee.")
]
BenchmarkSource = Annotated[
    str, typer.Option("--source", help="File, folder or Hub repository of the benchmark.")
]
BatchSize = Annotated[int, typer.Option(min=1, help="A kill loses one batch at most.")]
Penalty = Annotated[float, typer.Option(min=0.1, help="Repetition penalty; 1 is none.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only so many, from the first on.")]
DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY"


@dataclass(frozen=True, kw_only=True)
class SystemOptions:
    """What is asked: a model here or behind an endpoint, alone or between two translators."""

    model: ModelName
    adapter: Annotated[str | None, typer.Option(help="LoRA adapter to put on the model.")] = None
    endpoint: EndpointUrl = None
    key_variable: KeyVariable = DEFAULT_KEY_VARIABLE
    chat: Annotated[bool, typer.Option(help="Use the chat template, where there is one.")] = True
    into_english: Annotated[
        str | None, typer.Option(help="Translator of the question: makes a pipeline of the model.")
    ] = None
    into_persian: Annotated[
        str | None, typer.Option(help="Translator of the answer, if another.")
    ] = None
    chat_translators: Annotated[bool, typer.Option(help="The translators are chat models.")] = False
    keep_untranslated: Annotated[
        bool, typer.Option(help="Go on when a translator does not translate.")
    ] = False

    @property
    def file_name(self) -> str:
        """What answers are called after where nobody names them."""
        return Path(self.adapter or self.model).name

    @property
    def settings(self) -> dict[str, Any]:
        """What answers depend on, to be kept beside them; the key's variable is not part of it."""
        given = asdict(self)
        del given["key_variable"]
        return {name: value for name, value in given.items() if value not in {None, False}}

    def open_model(self) -> "Model":
        """Open the model alone."""
        from training.evaluation.systems.opening import open_model

        return open_model(
            self.model,
            adapter=self.adapter,
            endpoint=self.endpoint,
            key_variable=self.key_variable,
            chat=self.chat,
        )

    def open_system(self) -> "System":
        """Open the model, with its translators where it has any."""
        from training.evaluation.systems.opening import open_system

        return open_system(
            self.open_model(),
            self.into_english,
            self.into_persian,
            chat_translators=self.chat_translators,
            keep_untranslated=self.keep_untranslated,
        )


@dataclass(frozen=True, kw_only=True)
class GenerationOptions:
    """How answers are generated."""

    max_new_tokens: Annotated[int, typer.Option(min=1)] = 1024
    temperature: Annotated[float, typer.Option(min=0.0, help="0 is greedy.")] = 0.0
    seed: Annotated[int, typer.Option(help="Of sampling; greedy answers need none.")] = 0
    batch_size: BatchSize = 8

    def decoding(self, repetition_penalty: float) -> "Decoding":
        """The same in the words of the library."""
        from training.models.decoding import Decoding

        return Decoding(self.max_new_tokens, self.temperature, repetition_penalty, self.seed)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take groups of options: every field of a dataclass becomes an option.

    Typer reads a command's options off its signature. There a parameter that is a dataclass is
    replaced by the dataclass's fields, and put together again when the command is called.
    """
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for parameter in inspect.signature(command).parameters.values():
        group = parameter.annotation
        if not is_dataclass(group):
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        groups[parameter.name] = group
        parameters += [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if field.default is MISSING else field.default,
                annotation=field.type,
            )
            for field in fields(group)
        ]

    @wraps(command)
    def run(**given: Any) -> None:
        made = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        command(**made, **given)

    vars(run)["__signature__"] = inspect.Signature(parameters)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
