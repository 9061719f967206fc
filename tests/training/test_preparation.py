"""Texts to rows: every token once, documents apart, and the right labels."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question
from tests.training.conftest import MakeRecipe
from tests.training.texts import articles
from training.models.base_model import answer_template
from training.preparation import IGNORED, fill_sequences, prepare_sequences
from training.runs.recipe import PreparationSettings
from training.runs.run_folder import RunFolder
from training.train import build_trainer, prepare

CONTEXT = 128


@pytest.fixture(scope="module")
def tokenizer(tiny_cohere: Path) -> Any:
    return AutoTokenizer.from_pretrained(tiny_cohere)


@pytest.fixture(scope="module")
def packed(tokenizer: Any) -> tuple[list[str], Any, dict[str, int]]:
    texts = articles(30)
    rows, counts = prepare_sequences(
        "pretrain",
        Dataset.from_dict({"content": texts}),
        tokenizer,
        PreparationSettings(method="packed", context=CONTEXT),
        None,
    )
    return texts, rows, counts


def conversations(count: int) -> Dataset:
    return Dataset.from_dict(
        {
            "Question": [question(number) for number in range(count)],
            "Answer": [answer(number) for number in range(count)],
        }
    )


def cut(tokenizer: Any, text: str, context: int) -> list[list[int]]:
    """A document's chunks as they should be."""
    words = tokenizer(text, add_special_tokens=False)["input_ids"]
    ids = [tokenizer.bos_token_id, *words, tokenizer.eos_token_id]
    return [ids[start : start + context] for start in range(0, len(ids), context)]


def documents_of(rows: Any) -> list[list[int]]:
    """The chunks of packed rows, one list of tokens each."""
    found = []
    for row in rows:
        start = 0
        for length in row["seq_lengths"]:
            found.append(row["input_ids"][start : start + length])
            start += length
        assert start == len(row["input_ids"])
    return found


def test_every_token_of_every_document_is_read_once(
    packed: tuple[list[str], Any, dict[str, int]], tokenizer: Any
) -> None:
    texts, rows, counts = packed
    expected = [chunk for text in texts for chunk in cut(tokenizer, text, CONTEXT)]
    chunks = documents_of(rows)
    assert sorted(chunks) == sorted(expected)
    assert counts["documents"] == len(texts)
    assert counts["tokens"] == sum(map(len, expected))
    assert counts["chunks"] == len(expected)
    assert counts["trained_tokens"] == counts["tokens"] - counts["chunks"]
    assert (counts["padding"], counts["truncated"]) == (0, 0)
    assert all(len(ids) <= CONTEXT for ids in rows["input_ids"])
    # Best fit: hardly a place is left empty.
    assert counts["tokens"] > 0.95 * CONTEXT * (counts["rows"] - 1)


def test_a_packed_document_has_the_logits_it_has_alone(
    packed: tuple[list[str], Any, dict[str, int]],
    tokenizer: Any,
    tiny_cohere: Path,
    workspace: Workspace,
    make_recipe: MakeRecipe,
) -> None:
    """Through the batch that the trainer itself makes of two packed rows."""
    recipe = make_recipe("pretrain")
    trainer = build_trainer(recipe, prepare(recipe, workspace), RunFolder(workspace.run("x")))
    rows = packed[1]
    pair = [rows[place] for place in (0, rows.num_rows - 1)]
    batch = trainer.data_collator(pair)
    assert "attention_mask" not in batch
    assert batch["input_ids"].shape[0] == 1
    model = AutoModelForCausalLM.from_pretrained(tiny_cohere).eval()
    with torch.no_grad():
        together = model(
            input_ids=batch["input_ids"], position_ids=batch["position_ids"], use_cache=False
        ).logits[0]
        start = 0
        for document in documents_of(pair):
            alone = model(input_ids=torch.tensor([document]), use_cache=False).logits[0]
            difference = (together[start : start + len(document)] - alone).abs().max()
            assert difference < 1e-5
            start += len(document)
    assert len(documents_of(pair)) > 2


def test_the_loss_of_a_packed_batch_is_that_of_its_documents(
    packed: tuple[list[str], Any, dict[str, int]],
    tiny_cohere: Path,
    workspace: Workspace,
    make_recipe: MakeRecipe,
) -> None:
    """The trainer's own forward, fused head and all."""
    recipe = make_recipe("pretrain", "lora.dropout=0")
    trainer = build_trainer(recipe, prepare(recipe, workspace), RunFolder(workspace.run("x")))
    pair = [packed[1][0], packed[1][packed[1].num_rows - 1]]
    loss = float(trainer.compute_loss(trainer.model, trainer.data_collator(pair)).detach())
    model = AutoModelForCausalLM.from_pretrained(tiny_cohere).eval()
    total = tokens = 0.0
    with torch.no_grad():
        for document in documents_of(pair):
            ids = torch.tensor([document])
            if len(document) > 1:
                total += float(model(input_ids=ids, labels=ids).loss) * (len(document) - 1)
                tokens += len(document) - 1
    assert loss == pytest.approx(total / tokens, abs=1e-5)


def test_the_answer_and_its_end_are_learnt_and_nothing_else(tokenizer: Any) -> None:
    rows, counts = prepare_sequences(
        "instruct",
        conversations(12),
        tokenizer,
        PreparationSettings(method="packed", context=512),
        answer_template(tokenizer, "tiny"),
    )
    chunks = documents_of(rows)
    labels = documents_of(
        [{"input_ids": r["labels"], "seq_lengths": r["seq_lengths"]} for r in rows]
    )
    learnt = sorted(
        tokenizer.decode([token for token in row if token != IGNORED]) for row in labels
    )
    end = "<|END_OF_TURN_TOKEN|>"
    assert learnt == sorted(f"{answer(number)}{end}" for number in range(12))
    for ids, row in zip(chunks, labels, strict=True):
        first = next(place for place, token in enumerate(row) if token != IGNORED)
        asked = tokenizer.decode(ids[:first])
        assert asked.startswith("<BOS_TOKEN><|START_OF_TURN_TOKEN|><|USER_TOKEN|>")
        assert asked.endswith(f"{end}<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>")
        assert all(token != IGNORED for token in row[first:])
        assert row[-1] == tokenizer.eos_token_id
    assert counts["trained_tokens"] == sum(t != IGNORED for row in labels for t in row)


def test_aya_expanse_renders_the_same_in_training_and_in_use(tokenizer: Any) -> None:
    turns = [{"role": "user", "content": question(1)}, {"role": "assistant", "content": answer(1)}]
    template = answer_template(tokenizer, "tiny")
    trained = tokenizer.apply_chat_template(turns, chat_template=template, tokenize=False)
    assert trained == tokenizer.apply_chat_template(turns, tokenize=False)
    asked = tokenizer.apply_chat_template(turns[:1], tokenize=False, add_generation_prompt=True)
    assert trained.startswith(asked)


def test_a_long_conversation_is_cut_and_counted(tokenizer: Any) -> None:
    template = answer_template(tokenizer, "tiny")
    whole, long = (
        prepare_sequences(
            "instruct",
            conversations(12),
            tokenizer,
            PreparationSettings(method="packed", context=context),
            template,
        )
        for context in (512, 100)
    )
    assert whole[1]["truncated"] == 0
    assert long[1]["tokens"] == whole[1]["tokens"]
    assert long[1]["truncated"] > 0
    assert sum(map(len, long[0]["input_ids"])) == long[1]["tokens"] - long[1]["truncated"]
    with pytest.raises(GaokerenaError, match="make it longer"):
        prepare_sequences(
            "instruct",
            conversations(2),
            tokenizer,
            PreparationSettings(method="packed", context=8),
            template,
        )


def test_a_template_that_marks_no_answer_is_refused(tokenizer: Any) -> None:
    other = AutoTokenizer.from_pretrained(tokenizer.name_or_path)
    other.chat_template = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
    with pytest.raises(GaokerenaError, match=r"model\.chat_template=FILE"):
        answer_template(other, "other")
    other.chat_template = None
    with pytest.raises(GaokerenaError, match="has no chat template"):
        answer_template(other, "other")


def test_the_papers_pretraining_rows_learn_their_padding(tokenizer: Any) -> None:
    texts = articles(6)
    rows, counts = prepare_sequences(
        "pretrain",
        Dataset.from_dict({"content": texts}),
        tokenizer,
        PreparationSettings(method="padded_paper", context=CONTEXT),
        None,
    )
    assert all(len(ids) == CONTEXT for ids in rows["input_ids"])
    assert rows["labels"] == rows["input_ids"]
    pad = tokenizer.pad_token_id
    assert counts["padding"] == sum(ids.count(pad) for ids in rows["input_ids"]) > 0
    assert counts["tokens"] + counts["padding"] == CONTEXT * counts["rows"]
    read = [token for ids in rows["input_ids"] for token in ids]
    # Every chunk begins with the start token, none ends with the end token.
    special = (pad, tokenizer.bos_token_id)
    words = [t for text in texts for t in tokenizer(text, add_special_tokens=False)["input_ids"]]
    assert [token for token in read if token not in special] == words
    assert tokenizer.eos_token_id not in read


def test_the_papers_instruction_rows_are_those_of_the_notebook(tokenizer: Any) -> None:
    """Built here by hand, as trl 0.16.1 did with its own tokenizer, that has a `<PAD>`."""
    by_hand = []
    for number in range(6):
        text = (
            f"<BOS_TOKEN><|START_OF_TURN_TOKEN|><|USER_TOKEN|>{question(number)}"
            "<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"
            f"{answer(number)}<|END_OF_TURN_TOKEN|>"
        )
        by_hand.append(tokenizer(text)["input_ids"])  # with a start token of its own
    context = sorted(map(len, by_hand))[3]
    rows, counts = prepare_sequences(
        "instruct",
        conversations(6),
        tokenizer,
        PreparationSettings(method="padded_paper", context=context),
        answer_template(tokenizer, "tiny"),
    )
    assert all(ids[:2] == [tokenizer.bos_token_id] * 2 for ids in by_hand)
    assert all(ids.count(tokenizer.eos_token_id) == 2 for ids in by_hand)
    cut = [ids[:context] for ids in by_hand]
    assert rows["input_ids"] == rows["labels"] == cut
    assert counts["truncated"] == sum(map(len, by_hand)) - sum(map(len, cut))
    pairs = [
        2 * max(len(one), len(other)) - len(one) - len(other) for one, other in combinations(cut, 2)
    ]
    assert counts["padding"] == round(3 * sum(pairs) / len(pairs))


def test_the_papers_batches_are_as_long_as_their_longest_row(
    workspace: Workspace, make_recipe: MakeRecipe
) -> None:
    """Through the batch that the trainer makes: only what fills it up is masked."""
    recipe = make_recipe("instruct", "preparation.method=padded_paper", "model.adapter=null")
    prepared = prepare(recipe, workspace)
    trainer = build_trainer(recipe, prepared, RunFolder(workspace.run("x")))
    rows = [prepared.sequences[place] for place in (0, 1)]
    short, long = sorted(len(row["input_ids"]) for row in rows)
    batch = trainer.data_collator(rows)
    assert batch["input_ids"].shape == (2, long)
    assert int((batch["labels"] == IGNORED).sum()) == long - short > 0
    assert torch.equal(batch["labels"] == IGNORED, batch["attention_mask"] == 0)
    assert set(batch["input_ids"][batch["attention_mask"] == 0].tolist()) == {
        prepared.tokenizer.pad_token_id
    }


def test_texts_that_are_empty_are_left_out(tokenizer: Any) -> None:
    texts = Dataset.from_dict({"content": ["", "  \n", None, "تب و لرز"]})
    _, counts = prepare_sequences(
        "pretrain", texts, tokenizer, PreparationSettings(method="packed", context=16), None
    )
    assert counts["documents"] == 1
    with pytest.raises(GaokerenaError, match="no row with a text"):
        prepare_sequences(
            "pretrain",
            texts.select(range(3)),
            tokenizer,
            PreparationSettings(method="packed", context=16),
            None,
        )


@pytest.mark.parametrize("method", ["packed", "padded_paper"])
def test_rows_that_fill_up_teach_nothing(tokenizer: Any, method: Any) -> None:
    rows, _ = prepare_sequences(
        "pretrain",
        Dataset.from_dict({"content": articles(7)}),
        tokenizer,
        PreparationSettings(method=method, context=64),
        None,
    )
    filled = fill_sequences(rows, 16, tokenizer.eos_token_id)
    assert filled.num_rows % 16 == 0
    assert filled.num_rows - rows.num_rows < 16
    for row in filled.select(range(rows.num_rows, filled.num_rows)):
        assert set(row["labels"]) == {IGNORED}
    assert fill_sequences(filled, 16, tokenizer.eos_token_id) is filled


@settings(max_examples=25)
@given(
    texts=st.lists(st.text(alphabet="ابپتسم ۱۲۳\n\u200cae.", min_size=1), min_size=1, max_size=12),
    context=st.integers(8, 40),
)
def test_no_token_is_lost_or_doubled_whatever_the_lengths(
    tokenizer: Any, texts: list[str], context: int
) -> None:
    assume(any(text.strip() for text in texts))
    rows, counts = prepare_sequences(
        "pretrain",
        Dataset.from_dict({"content": texts}),
        tokenizer,
        PreparationSettings(method="packed", context=context),
        None,
    )
    expected = [chunk for text in texts if text.strip() for chunk in cut(tokenizer, text, context)]
    assert sorted(documents_of(rows)) == sorted(expected)
    assert counts["tokens"] == sum(map(len, expected))
