"""Commands of a model at home: export to one file, talk to it, serve it on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.libraries.extras import needs_extra

if TYPE_CHECKING:
    from training.models.answerer import Answerer
    from training.models.decoding import Decoding

KEY_VARIABLE = "GAOKERENA_SERVE_KEY"


def export(
    model: Annotated[
        str, typer.Argument(help="Merged model, run or adapter folder, or Hub repository.")
    ],
    to: Annotated[str, typer.Option(help="The format: gguf.")] = "gguf",
    quantize: Annotated[
        list[str] | None,
        typer.Option(help="f32, f16, bf16, q8_0, q6_k, q5_k_m, q4_k_m, ...; repeatable."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="For the files; by default the model's name and -gguf.")
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="Base of an adapter, if it is not the one it names.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What the files are called after.")] = None,
) -> None:
    """Export a model for llama.cpp and Ollama: one file with tokenizer and chat template."""
    from gaokerena_data.errors import GaokerenaError

    if to != "gguf":
        raise GaokerenaError(f"--to {to}: models are exported to gguf")
    with needs_extra("home"):
        import gguf  # noqa: F401 - of the extra, before seconds are spent on the rest
    with needs_extra("train"):
        from training.home.export import export as export_model
        from training.libraries.quiet import quieten_libraries

    quieten_libraries()
    at = folder or Path(f"{Path(model).resolve().name}-gguf")
    files = export_model(model, quantize or ["q8_0"], at, base=base, name=name, say=typer.echo)
    for file in files:
        typer.echo(file.path)
    typer.echo(at / "Modelfile")


def chat(
    model: Annotated[
        str, typer.Option(help="Merged model, run or adapter folder, .gguf file, Hub repository.")
    ],
    base: Annotated[
        str | None, typer.Option(help="Base of an adapter, if it is not the one it names.")
    ] = None,
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 512,
    temperature: Annotated[float, typer.Option(min=0.0, help="0 is greedy.")] = 0.0,
    repetition_penalty: Annotated[float, typer.Option(min=0.1, help="1 is none.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Of the sampling.")] = 0,
    context: Annotated[
        int | None, typer.Option(min=64, help="Most tokens of a conversation with a .gguf.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it as an OpenAI-compatible endpoint instead.")
    ] = False,
    host: Annotated[
        str, typer.Option(help=f"Of the endpoint; others than loopback need {KEY_VARIABLE}.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free one.")] = 8080,
) -> None:
    """Talk to a model in Persian, right to left; lines of a file or a pipe work too."""
    import sys

    from training.chat import YOU, Conversation
    from training.models.decoding import Decoding

    decoding = Decoding(max_new_tokens, temperature, repetition_penalty, seed)
    answerer = _open(model, decoding, base, context)
    if serve:
        _serve(model, answerer, decoding, host, port)
        return
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if asks:
        import readline  # noqa: F401 - editing and history of what is typed
    prompt = f"\n{YOU}" if asks else ""
    Conversation(answerer, sys.stdout, sys.stdout.isatty()).run(lambda: input(prompt))


def _open(model: str, decoding: "Decoding", base: str | None, context: int | None) -> "Answerer":
    from training.home.llama_cpp import is_gguf

    if is_gguf(model):
        from training.home.gguf_chat import GgufChat

        return GgufChat(model, decoding, context=context)
    with needs_extra("train"):
        from training.libraries.quiet import quieten_libraries
        from training.models.chat_model import ChatModel

    quieten_libraries()
    return ChatModel(model, decoding, base)


def _serve(model: str, answerer: "Answerer", decoding: "Decoding", host: str, port: int) -> None:
    import os

    from training.chat import DISCLAIMER
    from training.home.serve import Served, Server

    name = Path(model).name.removesuffix(".gguf")
    key = os.environ.get(KEY_VARIABLE) or None
    with Server(Served(name, answerer, decoding, key), host, port) as server:
        for line in DISCLAIMER:
            typer.echo(line)
        typer.echo(f"{name}: {server.url}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
