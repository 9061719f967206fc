"""A tiny random Cohere model, and invented exams."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.training.tiny_models import write_base
from training.evaluation.questions.paper import IBMSEE, MMLU

EXAM: list[tuple[str, list[str], int]] = [
    ("کدام عضو صفرا می‌سازد؟", ["کبد", "کلیه", "طحال", "ریه"], 1),
    ("کدام عضو ادرار می‌سازد؟", ["کبد", "کلیه", "طحال", "ریه"], 2),
    ("انسولین در کجا ترشح می‌شود؟", ["معده", "روده", "پانکراس", "پوست"], 3),
]


@pytest.fixture(scope="session")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with invented exams in the form of the authors' spreadsheets.

    IBMSEE and anatomy have three questions, the other subjects of MMLU one each.
    """
    folder = tmp_path_factory.mktemp("benchmarks")
    for subject in (*MMLU, IBMSEE):
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Question", "Option1", "Option2", "Option3", "Option4", "Correct answer"])
        for question, options, correct in EXAM if subject in {"anatomy", IBMSEE} else EXAM[1:2]:
            sheet.append([question, *options, correct])
        book.save(folder / f"{subject}_invented.xlsx")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model whose answers to different prompts differ."""
    return write_base(tmp_path_factory.mktemp("models") / "tiny", weights=8.0)


@pytest.fixture(scope="session")
def speaking_model(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Make a tiny model that answers every chat with the same words."""
    import torch
    import transformers

    @cache
    def make(words: str) -> Path:
        folder = tmp_path_factory.mktemp("speaking") / "model"
        tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_model)
        tokenizer.add_tokens([words])  # one token, so that its successor is the end alone
        config = transformers.AutoConfig.from_pretrained(
            tiny_model, tie_word_embeddings=False, vocab_size=len(tokenizer)
        )
        torch.manual_seed(1)
        model = transformers.CohereForCausalLM(config)
        turn = tokenizer.convert_tokens_to_ids("<|CHATBOT_TOKEN|>")
        said = tokenizer.convert_tokens_to_ids(words)
        with torch.no_grad():  # The next token depends on the last one alone.
            for layer in model.model.layers:
                layer.self_attn.o_proj.weight.zero_()
                layer.mlp.down_proj.weight.zero_()
            hidden = model.model.norm(model.model.embed_tokens.weight)
            model.lm_head.weight.zero_()
            model.lm_head.weight[said] = hidden[turn]
            model.lm_head.weight[config.eos_token_id] = hidden[said]
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make
