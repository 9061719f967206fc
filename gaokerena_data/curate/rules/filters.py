"""Rules on one record at a time: records in, kept records and ledger rows out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.config import Pages, Quality
from gaokerena_data.ledger import LEDGER_SCHEMA
from gaokerena_data.takedowns import Takedowns


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step made of a table: the rows it keeps, and a ledger row for every other."""

    kept: pa.Table
    dropped: pa.Table


def drop_unanswered(table: pa.Table) -> Outcome:
    """Drop questions that nobody answered, and articles without a text."""
    return leave_out(table, pc.equal(table["body_words"], 0), "answered@1", "no_text")


def drop_other_scripts(table: pa.Table, min_share: float) -> Outcome:
    """Drop texts whose letters are not Persian script to at least `min_share` (0..1)."""
    share = table["persian_share"]
    return leave_out(
        table,
        pc.less(share, min_share),
        "script@1",
        "not_persian_script",
        value=share,
        threshold=min_share,
    )


def drop_other_languages(table: pa.Table, languages: Sequence[str]) -> Outcome:
    """Drop texts in another language; one that cannot be told ("unknown") stays."""
    allowed = pa.array([*languages, "unknown"])
    other = pc.invert(pc.is_in(table["language"], allowed))
    return leave_out(table, other, "language@1", "other_language", detail=table["language"])


def drop_identified(table: pa.Table, kinds: Sequence[str]) -> Outcome:
    """Drop records that hold personal data by which a patient can be identified.

    Args:
        table: the records under curation.
        kinds: of personal data (see `text.privacy`) that no redaction makes harmless.
    """
    held = table["personal_data"].combine_chunks()
    banned = pc.is_in(held.flatten(), pa.array(kinds, pa.string()))
    found = np.zeros(table.num_rows, np.bool_)
    found[pc.list_parent_indices(held).filter(banned).to_numpy()] = True
    details = np.full(table.num_rows, None, dtype=object)
    details[found] = [
        ", ".join(sorted(set(kinds).intersection(those)))
        for those in held.filter(pa.array(found)).to_pylist()
    ]
    return leave_out(
        table,
        found,
        "personal_data@1",
        "identifies_a_patient",
        detail=pa.array(details, pa.string()),
    )


def drop_taken_down(table: pa.Table, takedowns: Takedowns) -> Outcome:
    """Drop what its author, its site or a patient asked to be left out."""
    reasons: list[str | None] = [None] * table.num_rows
    if takedowns.requests:
        rows = zip(*(table[name].to_pylist() for name in ("id", "thread", "url")), strict=True)
        reasons = [
            takedowns.matches(record_id, url) or takedowns.matches(thread, url)
            for record_id, thread, url in rows
        ]
    return leave_out(
        table,
        np.array([reason is not None for reason in reasons], dtype=bool),
        "takedown@1",
        "taken_down",
        detail=pa.array(reasons, pa.string()),
    )


def drop_short(
    table: pa.Table, min_words: int, min_words_of: dict[str, int], step: str = "answer_length@1"
) -> Outcome:
    """Drop records whose body has fewer words than its source's floor.

    Words are those of hazm's WordTokenizer, as the authors counted them (paper, section IV-B).
    """
    floors = pa.array(
        [min_words_of.get(source, min_words) for source in table["source"].to_pylist()],
        pa.int32(),
    )
    return leave_out(
        table,
        pc.less(table["body_words"], floors),
        step,
        "too_short",
        value=table["body_words"],
        threshold=floors,
    )


# What the ledger calls a signal that is out of bounds.
_REASONS = {
    "duplicate_line_character_share": "repeated_lines",
    "line_end_share": "lines_without_end",
    "words_per_line": "words_per_line",
    "top_2_gram_share": "one_pair_of_words",
    "duplicate_5_gram_share": "repeated_words",
    "mean_word_length": "odd_words",
    "boilerplate_share": "boilerplate",
    "medical_share": "medical_words",
    "shop_share": "shop_words",
    "news_share": "news_words",
}


def drop_poor(table: pa.Table, quality: Quality) -> Outcome:
    """Drop records with a signal out of its bounds; the first of them is the ledger's reason."""
    count = table.num_rows
    value, bound = np.zeros(count), np.zeros(count)
    reason = np.full(count, "", dtype=object)
    for bounds, beyond in ((quality.most, np.greater), (quality.least, np.less)):
        for name, threshold in bounds.items():
            measured = table[name].to_numpy()
            here = beyond(measured, threshold) & (reason == "")
            reason[here], bound[here] = _REASONS[name], threshold
            value[here] = measured[here]
    gone = reason != ""
    return leave_out(
        table,
        gone,
        "quality@1",
        reason[gone].tolist(),
        value=pa.array(value),
        threshold=pa.array(bound),
    )


def drop_templates(table: pa.Table, max_share: float) -> Outcome:
    """Drop answers that would answer any question: greetings, farewells, "see a doctor"."""
    share = table["boilerplate_share"]
    return leave_out(
        table,
        pc.greater(share, max_share),
        "template_answer@1",
        "fits_any_question",
        value=share,
        threshold=max_share,
    )


def drop_other_pages(table: pa.Table, pages: Pages) -> Outcome:
    """Drop pages of a magazine that are no medical articles.

    Menus and lists of links, pages of a shop, short news, and what has hardly a word of medicine.
    """
    columns = (
        *("line_end_share", "words_per_line", "shop_share", "news_share", "medical_share"),
        "body_words",
    )
    ends, line, shop, news, medical, words = (table[name].to_numpy() for name in columns)
    rules = [
        (
            "menu_page",
            (ends < pages.menu_line_end_share) & (line < pages.menu_words_per_line),
            ends,
            pages.menu_line_end_share,
        ),
        ("shop_page", shop > pages.max_shop_share, shop, pages.max_shop_share),
        (
            "news_flash",
            (news > pages.max_news_share) & (words < pages.news_words),
            news,
            pages.max_news_share,
        ),
        ("not_medical", medical < pages.min_medical_share, medical, pages.min_medical_share),
    ]
    which = np.select([mask for _, mask, _, _ in rules], range(len(rules)), default=-1)
    gone = which >= 0
    return leave_out(
        table,
        gone,
        "medical_page@1",
        [rules[k][0] for k in which[gone].tolist()],
        value=pa.array(np.select([mask for _, mask, _, _ in rules], [rule[2] for rule in rules])),
        threshold=pa.array(np.array([0.0, *(rule[3] for rule in rules)])[which + 1]),
    )


def leave_out(
    table: pa.Table,
    mask: pa.Array | pa.ChunkedArray | np.ndarray,
    step: str,
    reason: str | Sequence[str],
    *,
    value: pa.Array | pa.ChunkedArray | None = None,
    threshold: pa.Array | float | None = None,
    keeper: pa.Array | None = None,
    similarity: pa.Array | None = None,
    detail: pa.Array | pa.ChunkedArray | None = None,
) -> Outcome:
    """Split a table by a mask: rows where it is true leave, each with a ledger row.

    Args:
        table: the records under curation (columns `id`, `source`, `origin` at least).
        mask: boolean, one a row.
        step: versioned name of the rule.
        reason: what the ledger calls it; one for all, or one for each row that leaves.
        value: what was measured, one a row.
        threshold: what it was held against, one for all or one a row.
        keeper: id of the record kept in place of this one, one a row.
        similarity: Jaccard similarity to the keeper, one a row.
        detail: free text, one a row.
    """
    gone = pa.array(np.asarray(mask, dtype=bool))
    if not gone.true_count:
        return Outcome(table, LEDGER_SCHEMA.empty_table())
    left = table.filter(gone)
    count = left.num_rows

    def column(values: pa.Array | pa.ChunkedArray | float | None, kind: pa.DataType) -> pa.Array:
        if values is None or isinstance(values, int | float):
            return pa.array([values] * count, kind)
        return pc.cast(values.filter(gone), kind)

    dropped = pa.table(
        [
            left["id"],
            left["source"],
            left["origin"],
            pa.repeat("dropped", count),
            pa.repeat(step, count),
            pa.repeat(reason, count) if isinstance(reason, str) else pa.array(reason, pa.string()),
            column(value, pa.float64()),
            column(threshold, pa.float64()),
            column(keeper, pa.string()),
            column(similarity, pa.float64()),
            column(detail, pa.string()),
        ],
        schema=LEDGER_SCHEMA,
    )
    return Outcome(table.filter(pc.invert(gone)), dropped)
