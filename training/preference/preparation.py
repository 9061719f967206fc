"""Preference pairs as tokens: a prompt, and the two answers that may follow it.

The model's chat template is filled in as it is when somebody asks, and texts are text: letters of
control tokens in them are read as letters, and counted. An answer is what comes after the prompt's
own tokens, its end of turn included. A pair that is longer than `context` loses the ends of its
answers; one whose answers are then the same, or gone, teaches nothing and is left out.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from gaokerena_data.errors import GaokerenaError
from training.models.encoding import Encoder
from training.preference.turns import Preference, read_preference

COLUMNS = ("prompt", "chosen", "rejected")
IDS = ("prompt_ids", "chosen_ids", "rejected_ids")
# Of this module: `datasets` keeps what it made, and does not see when the code changes.
VERSION = 1

_COUNTED = ("empty", "spelled_control_tokens", "cut", "untaught", "tokens", "truncated")
_ANSWERS = ({"role": "assistant", "content": "بله"}, {"role": "assistant", "content": "خیر"})


def prepare_pairs(rows: Any, tokenizer: Any, context: int) -> tuple[Any, dict[str, int]]:
    """Pairs to train on, and what was counted.

    Args:
        rows: a `datasets.Dataset` with `prompt`, `chosen` and `rejected`.
        tokenizer: of the model, with its chat template.
        context: tokens of a prompt and one answer.

    Returns:
        A `datasets.Dataset` with `prompt_ids`, `chosen_ids` and `rejected_ids`, and the counts:
        `documents`, the rows; `empty`, those of them with an empty text; `spelled_control_tokens`,
        those with a text that holds the letters of a control token; `cut`, those with an answer
        that was longer than `context`; `untaught`, those of which nothing is left to compare;
        `rows`, the pairs that are trained on; `tokens` of both sequences of a pair, `truncated`,
        how many of these were left out, and `trained_tokens`, those of answers that are learnt.

    Raises:
        GaokerenaError: a row is no pair, the template does not end a turn, or no pair is left.
    """
    refuse_no_end(tokenizer)
    encoded = rows.select_columns(list(COLUMNS)).map(
        encode_pairs,
        batched=True,
        fn_kwargs={"tokenizer": tokenizer, "context": context, "version": VERSION},
        remove_columns=list(COLUMNS),
        features=_features(),
        desc="tokenizing pairs",
    )
    counts = {"documents": rows.num_rows}
    counts |= {name: sum(encoded[name]) for name in _COUNTED}
    pairs = encoded.select_columns(list(IDS)).filter(_teaches, desc="checking")
    if not pairs.num_rows:
        raise GaokerenaError(
            "no pair is left to learn from: make preparation.context longer, or look whether "
            "chosen and rejected differ"
        )
    counts["rows"] = pairs.num_rows
    counts["trained_tokens"] = sum(len(ids) for name in IDS[1:] for ids in pairs[name])
    return pairs, counts


def encode_pairs(
    batch: Mapping[str, Sequence[Any]], tokenizer: Any, context: int, **_: object
) -> dict[str, list[Any]]:
    """Rows as tokens, and what of each is counted."""
    encoder = Encoder(tokenizer)
    columns: dict[str, list[Any]] = {name: [] for name in (*IDS, *_COUNTED)}
    for values in zip(*(batch[name] for name in COLUMNS), strict=True):
        preference = read_preference(dict(zip(COLUMNS, values, strict=True)))
        for name, value in _encoded(preference, encoder, context).items():
            columns[name].append(value)
    return columns


def refuse_no_end(tokenizer: Any) -> None:
    """Make sure that an answer has an end, or the model would never learn to stop.

    Raises:
        GaokerenaError: there is no chat template, or it writes no control token after an answer.
    """
    where = getattr(tokenizer, "name_or_path", "the model")
    if tokenizer.chat_template is None:
        raise GaokerenaError(
            f"{where} has no chat template: give one with --set model.chat_template=FILE"
        )
    encoder = Encoder(tokenizer)
    turns = [{"role": "user", "content": "سرفه دارم"}, _ANSWERS[0]]
    ids = encoder.conversation(turns, ask=False).ids
    (said,), _ = encoder.texts([_ANSWERS[0]["content"]])
    last = max((place for place, token in enumerate(ids) if token == said[-1]), default=-1)
    if encoder.control.isdisjoint(ids[last + 1 :]):
        raise GaokerenaError(
            f"{where}: its chat template writes no end of turn after an answer, so that the model "
            "would not learn to stop (--set model.chat_template=FILE)"
        )


def _features() -> Any:
    """Named, since a first batch without one pair tells nothing of its lists."""
    from datasets import Features, List, Value

    lists = {name: List(Value("int32")) for name in IDS}
    return Features({**lists, **{name: Value("int64") for name in _COUNTED}})


def _encoded(preference: Preference | None, encoder: Encoder, context: int) -> dict[str, Any]:
    nothing: dict[str, Any] = {name: [] for name in IDS} | dict.fromkeys(_COUNTED, 0)
    if preference is None:
        return nothing | {"empty": 1}
    asked = encoder.conversation(preference.prompt, ask=True)
    whole = [
        encoder.conversation([*preference.prompt, answer], ask=False)
        for answer in (preference.chosen, preference.rejected)
    ]
    # A template may write the prompt alone otherwise than before an answer (one that opens a
    # thought): the answer begins where they part.
    begin = min(_common(asked.ids, each.ids) for each in whole)
    kept = [each.ids[:context] for each in whole]
    lengths = [len(each.ids) for each in whole]
    left_out = sum(lengths) - sum(map(len, kept))
    chosen, rejected = (ids[begin:] for ids in kept)
    teaches = bool(chosen and rejected) and chosen != rejected
    return {
        "prompt_ids": whole[0].ids[:begin] if teaches else [],
        "chosen_ids": chosen if teaches else [],
        "rejected_ids": rejected if teaches else [],
        "empty": 0,
        "spelled_control_tokens": int(any(each.spelled for each in whole)),
        "cut": int(left_out > 0),
        "untaught": int(not teaches),
        "tokens": sum(lengths),
        "truncated": left_out if teaches else sum(lengths),
    }


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _teaches(row: Mapping[str, Sequence[int]]) -> bool:
    return bool(row["chosen_ids"]) and bool(row["rejected_ids"])
