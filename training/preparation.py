"""How texts become sequences of tokens and labels: packed, or padded as the authors did.

Packed, no sequence holds padding: documents are laid end to end in sequences of at most `context`
tokens (best fit first, trl's `pack_dataset`), and `seq_lengths` says where each begins. Positions
start again with every document and attention does not cross from one to the next. A document
longer than a sequence goes on in another, so that no token is lost or read twice. In a conversation
only the answers and their end-of-turn tokens are learnt; one longer than a sequence is cut.

`padded_paper` is the authors' own preparation, with what it does to the loss:
- pre-training: a sequence is one chunk, filled up to `context`; the padding stays in the labels and
  is attended to; documents do not end with an end token
- instruction tuning: the chat template's text is read with a second start token in front, and cut
  at `context`; all of it is learnt, the question and both ends of turn too; the trainer fills up
  each batch to its longest sequence, and that padding is masked

In both, texts are text: letters of control tokens in them are read as letters, and counted.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import comb
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.dataset import columns_of
from training.messages import MESSAGES
from training.models.encoding import Encoder, Turns
from training.runs.recipe import PreparationSettings, Stage

IGNORED = -100
# Of this module: `datasets` keeps what it made, and does not see when the code changes.
VERSION = 2

_COUNTED = ("spelled_control_tokens", "tokens", "truncated", "padding")

type Batch = Mapping[str, Sequence[Any]]
type Encoded = dict[str, list[Any]]


def prepare_sequences(
    stage: Stage,
    texts: Any,
    tokenizer: Any,
    settings: PreparationSettings,
    template: str | None,
    batch: int = 2,
) -> tuple[Any, dict[str, int]]:
    """Sequences to train on, and what was counted.

    Args:
        stage: whose texts they are.
        texts: a `datasets.Dataset` with the stage's columns (rows with an empty text are skipped),
            or with conversations as `messages`.
        tokenizer: of the model; it has a padding and an end token.
        settings: of the recipe.
        template: the chat template with `{% generation %}` around answers; of a conversation.
        batch: the sequences that are filled up together (`padded_paper`, instruction tuning).

    Returns:
        A `datasets.Dataset` with `input_ids` and `labels` (and `seq_lengths` where packed), and
        the counts: `documents`; `spelled_control_tokens`, those of them with a text that holds the
        letters of a control token; `untaught`, those no label of which is left; their `tokens`,
        special ones included; `truncated`, how many of these were left out; `chunks`, the pieces
        they were cut into; `rows`, the sequences; `padding`, where batches are filled up the mean
        over all orders; `trained_tokens`, the labels that count.

    Raises:
        GaokerenaError: no row has a text, or none fits.
    """
    columns = columns_of(stage, texts.column_names)
    texts = texts.select_columns(list(columns))
    if MESSAGES not in columns:  # conversations were looked at when they were read
        texts = texts.filter(_has_texts, desc="reading")
    if not texts.num_rows:
        raise GaokerenaError("the dataset has no row with a text")
    packed = settings.method == "packed"
    sequences = texts.map(
        _encoder(stage, packed=packed),
        batched=True,
        fn_kwargs={
            "tokenizer": tokenizer,
            "context": settings.context,
            "template": template,
            "version": VERSION,
        },
        remove_columns=texts.column_names,
        desc="tokenizing",
    )
    measured = {name: sum(sequences[name]) for name in _COUNTED}
    sequences = sequences.select_columns(["input_ids", "labels"])
    encoded = sequences.num_rows
    sequences = sequences.filter(_teaches, desc="checking")
    measured["untaught"] = encoded - sequences.num_rows
    if not sequences.num_rows:
        raise GaokerenaError("no answer begins within preparation.context: make it longer")
    if packed:
        from trl.data_utils import pack_dataset

        strategy = "bfd_split" if stage == "pretrain" else "bfd"
        sequences = pack_dataset(sequences, settings.context, strategy, {"desc": "packing"})
    elif stage == "instruct":
        lengths = [len(ids) for ids in sequences["input_ids"]]
        measured["padding"] = mean_padding(lengths, batch)
    counts = {"documents": texts.num_rows, **measured, **count_labels(sequences)}
    if packed and counts.pop("input_tokens") != counts["tokens"] - counts["truncated"]:
        raise RuntimeError(f"packing lost or doubled tokens: {counts}")
    counts.pop("input_tokens", None)
    return sequences, counts


def _encoder(stage: Stage, *, packed: bool) -> Callable[..., Encoded]:
    if stage == "pretrain":
        return encode_documents if packed else encode_chunks_paper
    return encode_conversations if packed else encode_conversations_paper


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


def mean_padding(lengths: Sequence[int], batch: int) -> int:
    """Tokens that fill batches up to their longest sequence, the mean over all orders of the rows.

    Example:
        Rows of 2, 4 and 6 tokens in batches of two: a pair lacks 2, 4 or 2 tokens, 8 / 3 in the
        mean, and three rows are one and a half batches.

        >>> mean_padding([4, 2, 6], 2)
        4
    """
    rows = len(lengths)
    if batch >= rows:
        return max(lengths) * rows - sum(lengths)
    # The i-th shortest is the longest of a batch if all others of it are among the i before.
    longest = sum(
        length * comb(place, batch - 1) for place, length in enumerate(sorted(lengths))
    ) / comb(rows, batch)
    return round(longest * rows - sum(lengths))


def encode_documents(batch: Batch, tokenizer: Any, **_: object) -> Encoded:
    """Whole documents between the start token (where there is one) and the end token."""
    begin = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    encoded, spelled = Encoder(tokenizer).texts(batch["content"])
    ids = [[*begin, *tokens, tokenizer.eos_token_id] for tokens in encoded]
    return _columns(ids, ids, spelled)


def encode_chunks_paper(batch: Batch, tokenizer: Any, context: int, **_: object) -> Encoded:
    """Chunks of exactly `context` tokens, padding and all of it learnt."""
    encoder = Encoder(tokenizer)
    ids: list[list[int]] = []
    counted: list[bool] = []
    for text, spelled in zip(batch["content"], encoder.spelled(batch["content"]), strict=True):
        chunks = encoder.chunks(text, context)
        ids += chunks
        counted += [spelled, *[False] * (len(chunks) - 1)]
    filled = [_filled(row, context, tokenizer) for row in ids]
    columns = _columns(filled, filled, counted)
    columns["padding"] = [context - len(row) for row in ids]
    columns["tokens"] = [len(row) for row in ids]
    return columns


def encode_conversations(
    batch: Batch, tokenizer: Any, context: int, template: str | None, **_: object
) -> Encoded:
    """Conversations; each answer in them and its end are learnt."""
    turns = _converse(batch, tokenizer, template)
    labels = [
        [token if answer else IGNORED for token, answer in zip(each.ids, each.answer, strict=True)]
        for each in turns
    ]
    return _cut([each.ids for each in turns], labels, context, [each.spelled for each in turns])


def encode_conversations_paper(
    batch: Batch, tokenizer: Any, context: int, template: str | None, **_: object
) -> Encoded:
    """Conversations with a second start token, of which all is learnt."""
    turns = _converse(batch, tokenizer, template)
    start, end = Encoder(tokenizer).ends()
    ids = [[*start, *each.ids, *end] for each in turns]
    return _cut(ids, ids, context, [each.spelled for each in turns])


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


def _converse(batch: Batch, tokenizer: Any, template: str | None) -> list[Turns]:
    encoder = Encoder(tokenizer)
    conversations = batch.get(MESSAGES) or [
        [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        for question, answer in zip(batch["Question"], batch["Answer"], strict=True)
    ]
    return [encoder.conversation(messages, template, ask=False) for messages in conversations]


def _filled(ids: list[int], context: int, tokenizer: Any) -> list[int]:
    padding = [tokenizer.pad_token_id] * (context - len(ids))
    return [*padding, *ids] if tokenizer.padding_side == "left" else [*ids, *padding]


def _cut(
    ids: Sequence[list[int]],
    labels: Sequence[list[int]],
    context: int,
    spelled: Sequence[bool],
) -> Encoded:
    columns = _columns([row[:context] for row in ids], [row[:context] for row in labels], spelled)
    columns["tokens"] = [len(row) for row in ids]
    columns["truncated"] = [
        len(row) - (len(kept) if _teaches({"labels": kept}) else 0)
        for row, kept in zip(ids, columns["labels"], strict=True)
    ]
    return columns


def _columns(
    ids: Sequence[list[int]], labels: Sequence[list[int]], spelled: Sequence[bool]
) -> Encoded:
    nothing = [0] * len(ids)
    return {
        "input_ids": list(ids),
        "labels": list(labels),
        "tokens": [len(row) for row in ids],
        "truncated": nothing,
        "padding": nothing,
        "spelled_control_tokens": [int(each) for each in spelled],
    }


def _has_texts(row: Mapping[str, str | None]) -> bool:
    return all(text is not None and text.strip() for text in row.values())


def _teaches(row: Mapping[str, Sequence[int]]) -> bool:
    return any(label != IGNORED for label in row["labels"])
