"""How texts become sequences of tokens and labels: packed, or padded as the authors did.

Packed, no sequence holds padding: documents are laid end to end in sequences of at most `context`
tokens (best fit first, trl's `pack_dataset`), and `seq_lengths` says where each begins. Positions
start again with every document and attention does not cross from one to the next. A document
longer than a sequence goes on in another, so that no token is lost or read twice. In a conversation
only the answer and its end-of-turn token are learnt; one longer than a sequence is cut.

`padded_paper` is the authors' own preparation, with what it does to the loss:
- a sequence is one chunk, filled up to `context`
- pre-training learns the padding: it stays in the labels and is attended to
- documents do not end with an end token
- instruction tuning learns the question too, and no end-of-turn token: the padding token was set
  to be the same one, and padding is masked
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.dataset import COLUMNS
from training.runs.recipe import PreparationSettings, Stage

IGNORED = -100

type Batch = Mapping[str, Sequence[str]]
type Encoded = dict[str, list[Any]]


def prepare_sequences(
    stage: Stage, texts: Any, tokenizer: Any, settings: PreparationSettings, template: str | None
) -> tuple[Any, dict[str, int]]:
    """Sequences to train on, and what was counted.

    Args:
        stage: whose texts they are.
        texts: a `datasets.Dataset` with the stage's columns; rows with an empty text are skipped.
        tokenizer: of the model; it has a padding and an end token.
        settings: of the recipe.
        template: the chat template with `{% generation %}` around answers; of a conversation.

    Returns:
        A `datasets.Dataset` with `input_ids` and `labels` (and `seq_lengths` where packed), and
        the counts: `documents`; their `tokens`, special ones included; `truncated`, how many of
        them were left out; `chunks`, the pieces they were cut into; `rows`, the
        sequences; `padding`; `trained_tokens`, the labels that count.

    Raises:
        GaokerenaError: no row has a text, or none fits.
    """
    texts = texts.select_columns(list(COLUMNS[stage])).filter(_has_texts, desc="reading")
    if not texts.num_rows:
        raise GaokerenaError("the dataset has no row with a text")
    packed = settings.method == "packed"
    encode: dict[tuple[Stage, bool], Callable[..., Encoded]] = {
        ("pretrain", True): encode_documents,
        ("pretrain", False): encode_chunks_paper,
        ("instruct", True): encode_conversations,
        ("instruct", False): encode_conversations_paper,
    }
    sequences = texts.map(
        encode[stage, packed],
        batched=True,
        fn_kwargs={"tokenizer": tokenizer, "context": settings.context, "template": template},
        remove_columns=texts.column_names,
        desc="tokenizing",
    )
    measured = {name: sum(sequences[name]) for name in ("tokens", "truncated", "padding")}
    sequences = sequences.select_columns(["input_ids", "labels"])
    sequences = sequences.filter(_teaches, desc="checking")
    if not sequences.num_rows:
        raise GaokerenaError("no answer begins within preparation.context: make it longer")
    if packed:
        from trl.data_utils import pack_dataset

        strategy = "bfd_split" if stage == "pretrain" else "bfd"
        sequences = pack_dataset(sequences, settings.context, strategy, {"desc": "packing"})
    counts = {"documents": texts.num_rows, **measured, **count_labels(sequences)}
    if packed and counts.pop("input_tokens") != counts["tokens"] - counts["truncated"]:
        raise RuntimeError(f"packing lost or doubled tokens: {counts}")
    counts.pop("input_tokens", None)
    return sequences, counts


def count_labels(sequences: Any) -> dict[str, int]:
    """`rows` (the sequences), their `chunks`, `input_tokens` and `trained_tokens`.

    Example:
        Two documents of two and three tokens in one sequence. Of five labels the first of each
        document is never asked, and one more is ignored.

        >>> from datasets import Dataset
        >>> packed = {"input_ids": [7, 8, 7, 9, 9], "labels": [7, 8, 7, IGNORED, 9]}
        >>> count_labels(Dataset.from_list([packed | {"seq_lengths": [2, 3]}]))
        {'rows': 1, 'chunks': 2, 'input_tokens': 5, 'trained_tokens': 2}
    """
    chunks = tokens = trained = 0
    for sequence in sequences:
        lengths = sequence.get("seq_lengths") or [len(sequence["input_ids"])]
        # Nothing stands before the first token of a chunk: no label of it is ever asked.
        first = {0, *accumulate(lengths)}
        chunks += len(lengths)
        tokens += len(sequence["input_ids"])
        trained += sum(
            label != IGNORED and place not in first
            for place, label in enumerate(sequence["labels"])
        )
    return {
        "rows": sequences.num_rows,
        "chunks": chunks,
        "input_tokens": tokens,
        "trained_tokens": trained,
    }


def encode_documents(batch: Batch, tokenizer: Any, **_: object) -> Encoded:
    """Whole documents between the start token (where there is one) and the end token."""
    begin = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    texts = list(batch["content"])
    encoded = tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
    ids = [[*begin, *tokens, tokenizer.eos_token_id] for tokens in encoded]
    return _columns(ids, ids)


def encode_chunks_paper(batch: Batch, tokenizer: Any, context: int, **_: object) -> Encoded:
    """Chunks of exactly `context` tokens, padding and all of it learnt."""
    encoded = tokenizer(
        list(batch["content"]),
        truncation=True,
        max_length=context,
        padding="max_length",
        return_overflowing_tokens=True,
    )
    ids = encoded["input_ids"]
    columns = _columns(ids, ids)
    columns["padding"] = [context - sum(mask) for mask in encoded["attention_mask"]]
    columns["tokens"] = [sum(mask) for mask in encoded["attention_mask"]]
    return columns


def encode_conversations(
    batch: Batch, tokenizer: Any, context: int, template: str | None
) -> Encoded:
    """Conversations of one question and one answer; the answer and its end are learnt."""
    encoded = _converse(batch, tokenizer, template, return_assistant_tokens_mask=True)
    labels = [
        [token if answer else IGNORED for token, answer in zip(ids, mask, strict=True)]
        for ids, mask in zip(encoded["input_ids"], encoded["assistant_masks"], strict=True)
    ]
    return _cut(encoded["input_ids"], labels, context)


def encode_conversations_paper(
    batch: Batch, tokenizer: Any, context: int, template: str | None
) -> Encoded:
    """Conversations of which all is learnt but the end-of-turn tokens."""
    ids = _converse(batch, tokenizer, template)["input_ids"]
    end = tokenizer.eos_token_id
    labels = [[IGNORED if token == end else token for token in row] for row in ids]
    columns = _cut(ids, labels, context)
    # The collator fills them up: `pad_to_multiple_of` is the context.
    columns["padding"] = [context - len(row) for row in columns["input_ids"]]
    return columns


def fill_sequences(sequences: Any, multiple: int, end: int) -> Any:
    """Sequences, and as many more that nothing is learnt from as make whole steps of them.

    Without these, several processes would read some twice to get equally many each. With
    them, the sequences of a step are the same ones on any number of processes.

    Args:
        sequences: prepared ones.
        multiple: the sequences of a step.
        end: the token that fills them.
    """
    missing = -sequences.num_rows % multiple
    if not missing:
        return sequences
    from datasets import Dataset, concatenate_datasets

    blank: dict[str, list[int]] = {"input_ids": [end, end], "labels": [IGNORED, IGNORED]}
    if "seq_lengths" in sequences.column_names:
        blank["seq_lengths"] = [2]
    more = Dataset.from_list([blank] * missing, features=sequences.features)
    return concatenate_datasets([sequences, more])


def _converse(batch: Batch, tokenizer: Any, template: str | None, **options: object) -> Any:
    conversations = [
        [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        for question, answer in zip(batch["Question"], batch["Answer"], strict=True)
    ]
    return tokenizer.apply_chat_template(
        conversations, chat_template=template, tokenize=True, return_dict=True, **options
    )


def _cut(ids: Sequence[list[int]], labels: Sequence[list[int]], context: int) -> Encoded:
    columns = _columns([row[:context] for row in ids], [row[:context] for row in labels])
    columns["tokens"] = [len(row) for row in ids]
    columns["truncated"] = [
        len(row) - (len(kept) if _teaches({"labels": kept}) else 0)
        for row, kept in zip(ids, columns["labels"], strict=True)
    ]
    return columns


def _columns(ids: Sequence[list[int]], labels: Sequence[list[int]]) -> Encoded:
    nothing = [0] * len(ids)
    return {
        "input_ids": list(ids),
        "labels": list(labels),
        "tokens": [len(row) for row in ids],
        "truncated": nothing,
        "padding": nothing,
    }


def _has_texts(row: Mapping[str, str | None]) -> bool:
    return all(text is not None and text.strip() for text in row.values())


def _teaches(row: Mapping[str, Sequence[int]]) -> bool:
    return any(label != IGNORED for label in row["labels"])
