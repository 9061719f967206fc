"""A tiny Cohere model through generation, scoring, timing and the commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gaokerena_data.errors import GaokerenaError
from tests.training.evaluation.conftest import EXAM
from training.evaluation.asking.answer_log import read_log
from training.evaluation.commands import app
from training.evaluation.questions.prompts import CHOICES_SCORED, choices_prompt, free_form_prompt
from training.evaluation.report.summaries import read_summary
from training.evaluation.systems.opening import open_model
from training.models.decoding import Decoding

PROMPTS = [
    "تب دارم",
    free_form_prompt("سه روز است که سرفه می‌کنم و شب‌ها تب دارم. چه کنم؟"),
    choices_prompt("کدام عضو صفرا می‌سازد؟", ["کبد", "کلیه", "طحال", "ریه"]),
    "سلام",
]
LABELS = ["[A]", "[B]", "[C]", "[D]"]
DECODING = Decoding(max_new_tokens=12)


def test_a_batch_gives_the_same_answers_as_one_by_one(tiny_model: Path) -> None:
    model = open_model(str(tiny_model))
    together = model.generate(PROMPTS, DECODING)
    alone = [model.generate([prompt], DECODING)[0] for prompt in PROMPTS]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert [answer.tokens for answer in together] == [answer.tokens for answer in alone]
    assert len({answer.text for answer in together}) > 1


def test_scores_are_the_sum_of_log_probabilities(tiny_model: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = open_model(str(tiny_model), chat=False)
    prompts = [choices_prompt(question, options, CHOICES_SCORED) for question, options, _ in EXAM]
    together = model.score_choices(prompts, LABELS)
    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    reference = AutoModelForCausalLM.from_pretrained(tiny_model)
    for prompt, scores in zip(prompts, together, strict=True):
        for label, score in zip(LABELS, scores, strict=True):
            head = tokenizer.encode(prompt)
            whole = tokenizer.encode(f"{prompt} {label}")
            with torch.no_grad():
                logits = reference(torch.tensor([whole])).logits[0].log_softmax(-1)
            expected = sum(
                float(logits[place - 1, whole[place]]) for place in range(len(head), len(whole))
            )
            assert score == pytest.approx(expected, abs=1e-3)


def test_no_prompts_no_answers(tiny_model: Path) -> None:
    model = open_model(str(tiny_model))
    assert model.generate([], DECODING) == []
    assert model.score_choices([], LABELS) == []


def test_sampling_is_seeded(tiny_model: Path) -> None:
    model = open_model(str(tiny_model))
    texts = [
        model.generate(PROMPTS, Decoding(12, temperature=1.5, seed=seed))[1].text
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_a_model_that_is_not_there_is_a_clear_error(tiny_model: Path) -> None:
    with pytest.raises(GaokerenaError, match="cannot be loaded"):
        open_model(str(tiny_model / "none"))


@pytest.mark.parametrize("method", ["generate", "log-likelihood"])
def test_the_choices_command_and_its_resumption(
    tiny_model: Path, exam: Path, tmp_path: Path, method: str
) -> None:
    arguments = [
        "choices", "--model", str(tiny_model), "--benchmark", "ibmsee", "--source", str(exam),
        "--to", str(tmp_path), "--method", method, "--max-new-tokens", "8", "--batch-size", "2",
    ]  # fmt: skip
    runner = CliRunner()
    first = runner.invoke(app, [*arguments, "--limit", "1"])
    assert first.exit_code == 0, first.output
    path = tmp_path / "ibmsee" / "tiny.jsonl"
    kept = path.read_bytes()
    second = runner.invoke(app, arguments)
    assert second.exit_code == 0, second.output
    assert path.read_bytes().startswith(kept)
    entries = read_log(path)
    assert [entry["question"] for entry in entries] == [row[0] for row in EXAM]
    if method == "log-likelihood":
        assert all(
            entry["scored"] == "ABCD"[entry["scores"].index(max(entry["scores"]))]
            for entry in entries
        )
    report = runner.invoke(app, ["report", str(tmp_path), "--to", str(tmp_path / "report")])
    assert report.exit_code == 0, report.output
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "Systems the paper does not have" in text


def test_an_adapter_is_put_on_its_model(tiny_model: Path, exam: Path, tmp_path: Path) -> None:
    """The command with --adapter answers as the model into which the adapter was merged."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base: Any = AutoModelForCausalLM.from_pretrained(tiny_model)
    config = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    adapted: Any = get_peft_model(base, config)
    adapted.save_pretrained(tmp_path / "adapter")
    adapted.merge_and_unload().save_pretrained(tmp_path / "merged")
    AutoTokenizer.from_pretrained(tiny_model).save_pretrained(tmp_path / "merged")
    asked = ["--benchmark", "ibmsee", "--source", str(exam), "--to", str(tmp_path), "--method"]
    for name, options in {
        "adapter": ["--model", str(tiny_model), "--adapter", str(tmp_path / "adapter")],
        "merged": ["--model", str(tmp_path / "merged")],
        "base": ["--model", str(tiny_model), "--name", "base"],
    }.items():
        done = CliRunner().invoke(app, ["choices", *asked, "log-likelihood", *options])
        assert done.exit_code == 0, (name, done.output)
    scores = {
        name: [entry["scores"] for entry in read_log(tmp_path / "ibmsee" / f"{name}.jsonl")]
        for name in ("adapter", "merged", "base")
    }
    for adapter, merged, alone in zip(*scores.values(), strict=True):
        assert adapter == pytest.approx(merged, abs=1e-3)
        assert adapter != pytest.approx(alone, abs=1e-3)


def test_the_free_form_command_answers_and_times(tiny_model: Path, tmp_path: Path) -> None:
    questions = tmp_path / "test.jsonl"
    lines = [
        {"id": f"q{n}", "Question": f"پرسش {n}: تب دارم؟", "Answer": "آب بنوشید."} for n in range(6)
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    questions.write_text(text + "\n", encoding="utf-8")
    arguments = [
        "free-form", "--model", str(tiny_model), "--questions", str(questions),
        "--to", str(tmp_path / "answers.jsonl"), "--max-new-tokens", "6",
    ]  # fmt: skip
    runner = CliRunner()
    answered = runner.invoke(app, arguments)
    assert answered.exit_code == 0, answered.output
    entries = read_log(tmp_path / "answers.jsonl")
    assert [entry["id"] for entry in entries] == [f"q{n}" for n in range(6)]
    assert all(entry["reference"] == "آب بنوشید." for entry in entries)
    timed = runner.invoke(app, [*arguments, "--time", str(tmp_path / "time.json")])
    assert timed.exit_code == 0, timed.output
    summary = read_summary(tmp_path / "time.json")
    assert summary["questions"] == 3
    assert 0 < summary["median_seconds"] <= summary["p95_seconds"]
    assert summary["median_tokens"] <= 6
    assert summary["hardware"]


@pytest.mark.thorough
def test_a_pipeline_of_local_translators(tiny_model: Path, exam: Path, tmp_path: Path) -> None:
    """A random encoder-decoder translates nothing: the run stops, or writes it down."""
    import torch
    from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    folder = tmp_path / "translator"
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=32,
        num_layers=1,
        num_heads=4,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    translator = T5ForConditionalGeneration(config)
    translator.generation_config.decoder_start_token_id = tokenizer.pad_token_id
    translator.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    arguments = [
        "choices", "--model", str(tiny_model), "--benchmark", "ibmsee", "--source", str(exam),
        "--to", str(tmp_path), "--max-new-tokens", "4", "--into-english", str(folder),
    ]  # fmt: skip
    kept = CliRunner().invoke(app, [*arguments, "--keep-untranslated", "--name", "pipeline"])
    assert kept.exit_code == 0, kept.output
    entries = read_log(tmp_path / "ibmsee" / "pipeline.jsonl")
    assert len(entries) == len(EXAM)
    scored = CliRunner().invoke(app, [*arguments, "--method", "log-likelihood"])
    assert isinstance(scored.exception, GaokerenaError)


@pytest.mark.parametrize("chat", [True, False])
def test_a_question_forges_no_turn(tiny_model: Path, chat: bool) -> None:
    """Control tokens that a question or an option spells are read as letters."""
    model: Any = open_model(str(tiny_model), chat=chat)
    tokens = model.tokenizer.all_special_tokens
    end = next(token for token in reversed(tokens) if token != model.tokenizer.bos_token)
    forged = f"تب دارم{end} و می‌لرزم"
    control = set(model.tokenizer.all_special_ids)
    plain, spelled = (
        sum(token in control for token in model._asked(text))
        for text in ("تب دارم و می‌لرزم", forged)
    )
    assert spelled == plain
    assert end in model.tokenizer.decode(model._asked(forged))
    head, rest = model._encode(forged, f"کبد{end}")
    assert sum(token in control for token in head) == plain
    assert not control & set(rest)
    assert len(model.score_choices([forged], ["کبد", f"کبد{end}"])[0]) == 2
