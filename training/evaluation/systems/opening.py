"""Models, translators and systems by the names a command gives; only what is named is loaded."""

from gaokerena_data.errors import GaokerenaError
from training.evaluation.systems.model import Model
from training.evaluation.systems.pipeline import Pipeline
from training.evaluation.systems.system import Direct, System
from training.evaluation.systems.translator import ChatTranslator, Translator
from training.home.llama_cpp import is_gguf
from training.libraries.extras import needs_extra


def open_model(
    name: str,
    *,
    adapter: str | None = None,
    endpoint: str | None = None,
    key_variable: str = "OPENAI_API_KEY",
    chat: bool = True,
) -> Model:
    """Open a model by name.

    Args:
        name: a folder, a Hub repository, a .gguf file, or with `endpoint` the name that the
            endpoint knows.
        adapter: folder or repository of a LoRA adapter to put on it.
        endpoint: base url of an OpenAI-compatible server, up to `/v1`.
        key_variable: the environment variable that holds the endpoint's key, if it needs one.
        chat: set prompts as a user turn of the chat template where the model has one.

    Raises:
        GaokerenaError: the model cannot be opened, or the extra `evaluate` is not installed.
    """
    if endpoint is not None:
        from training.evaluation.systems.endpoint import EndpointModel

        if adapter is not None:
            raise GaokerenaError("an endpoint takes no adapter: load it where the endpoint runs")
        return EndpointModel(name, endpoint, key_variable=key_variable)
    if is_gguf(name):
        from training.evaluation.systems.gguf_model import GgufModel

        if adapter is not None:
            raise GaokerenaError("a .gguf file takes no adapter: merge it, and export the result")
        return GgufModel(name, chat=chat)
    with needs_extra("evaluate", ", or give --endpoint"):
        from training.evaluation.systems.local_model import LocalModel
    return LocalModel(name, adapter=adapter, chat=chat)


def open_translator(
    name: str,
    *,
    chat: bool,
    endpoint: str | None = None,
    key_variable: str = "OPENAI_API_KEY",
) -> Translator:
    """Open a translator: a chat model, here or at an endpoint, or an encoder-decoder."""
    if chat or endpoint is not None:
        return ChatTranslator(open_model(name, endpoint=endpoint, key_variable=key_variable))
    from training.evaluation.systems.seq2seq import Seq2SeqTranslator

    return Seq2SeqTranslator(name)


def open_system(
    model: Model,
    into_english: str | None = None,
    into_persian: str | None = None,
    *,
    chat_translators: bool = False,
    keep_untranslated: bool = False,
) -> System:
    """The model itself, or with a translator's name the pipeline around it.

    Args:
        model: the model, already open.
        into_english: folder or Hub repository of what translates the question.
        into_persian: of what translates the answer; the same translator by default.
        chat_translators: the translators are chat models, not encoder-decoders.
        keep_untranslated: go on when a translator does not translate.
    """
    if into_english is None:
        return Direct(model)
    first = open_translator(into_english, chat=chat_translators)
    second = open_translator(into_persian, chat=chat_translators) if into_persian else None
    return Pipeline(model, first, second, stop_when_untranslated=not keep_untranslated)
