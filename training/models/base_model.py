"""The model that is trained: loaded, its parent adapter merged, quantized on request."""

from pathlib import Path
from typing import Any

from gaokerena_data.errors import GaokerenaError, reason_of
from training.models.adapters import adapter_chain
from training.models.chat_template import marks_answers, refuse_endless, refuse_unmarked
from training.models.encoding import Encoder
from training.models.fit import refuse_more_tokens
from training.models.located import LocatedModel, read_template
from training.models.pretrained import attention, dtype, load
from training.runs.recipe import ModelSettings


def load_tokenizer(located: LocatedModel, settings: ModelSettings) -> Any:
    """The tokenizer, with the recipe's chat template, a padding and an end token.

    Raises:
        GaokerenaError: it cannot be loaded, has no end token, or more tokens than the model.
    """
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = load(AutoTokenizer, located.name, revision=located.revision)
    config = load(AutoConfig, located.name, revision=located.revision).get_text_config()
    largest = max(tokenizer.get_vocab().values())
    refuse_more_tokens(largest, getattr(config, "vocab_size", None), located.name)
    if tokenizer.eos_token is None:
        raise GaokerenaError(f"{located.name}: its tokenizer has no end token")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if settings.chat_template is not None:
        tokenizer.chat_template = read_template(settings.chat_template)
    return tokenizer


def load_config(located: LocatedModel) -> dict[str, Any]:
    """The model's config.json as it is."""
    from transformers import PretrainedConfig

    stated, _ = PretrainedConfig.get_config_dict(located.name, revision=located.revision)
    return dict(stated)


def answer_template(tokenizer: Any, where: str) -> str:
    """A chat template that marks the answers, so that they alone are learnt.

    It is the tokenizer's own where that marks them; else the one that trl holds for it (it has
    aya-expanse's).

    Raises:
        GaokerenaError: there is no chat template, nobody knows how to mark its answers, or what it
            marks leaves the end of turn out.
    """
    from trl.chat_template_utils import get_training_chat_template

    if tokenizer.chat_template is None:
        raise GaokerenaError(
            f"{where} has no chat template: give one with --set model.chat_template=FILE"
        )
    template = str(tokenizer.chat_template)
    if not marks_answers(template):
        try:
            template = str(get_training_chat_template(tokenizer))
        except ValueError:
            raise refuse_unmarked(where) from None
    refuse_endless(Encoder(tokenizer), template, where)
    return template


def load_model(located: LocatedModel, settings: ModelSettings) -> Any:
    """The weights, in bf16 on CUDA and float32 elsewhere, with the parent adapter merged.

    Raises:
        GaokerenaError: it cannot be loaded, or the adapter was made for another model.
    """
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    options: dict[str, Any] = {}
    if settings.quantization == "4bit":
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype(),
        )
    model = load(
        AutoModelForCausalLM,
        located.name,
        revision=located.revision,
        dtype=dtype(),
        attn_implementation=attention(),
        **options,
    )
    if located.adapter is not None:
        for adapter in adapter_chain(located.adapter):  # those below it were merged first
            model = _merge(model, adapter.folder)
    if settings.quantization is not None:
        freeze_quantized(model)
    return model


def freeze_quantized(model: Any) -> None:
    """Make 4-bit weights ready for an adapter: nothing of them is trained, norms are float32.

    peft's own (`prepare_model_for_kbit_training`) also raises the embedding to float32, which for
    a vocabulary of 256,000 and a width of 4,096 takes 2.1 GB more and gains nothing.
    """
    import torch

    for parameter in model.parameters():
        parameter.requires_grad = False
        half = parameter.dtype in (torch.float16, torch.bfloat16)
        if half and parameter.ndim == 1:
            parameter.data = parameter.data.to(torch.float32)


def _merge(model: Any, adapter: Path) -> Any:
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (ValueError, RuntimeError) as error:
        reason = reason_of(error)
        raise GaokerenaError(
            f"{adapter}: this adapter does not fit the model; it was made for another ({reason})"
        ) from error
