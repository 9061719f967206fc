"""What is published beside the splits: every record that was read, and what the rules left out."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.curating import Curating
from gaokerena_data.curate.decide import Decided
from gaokerena_data.curate.rules.containment import ContainmentSettings, drop_holders
from gaokerena_data.curate.rules.personal_data import PersonalDataSettings, drop_identified
from gaokerena_data.curate.rules.registry import RULES
from gaokerena_data.curate.rules.repeated_record import drop_repeated
from gaokerena_data.curate.rules.takedown import drop_taken_down
from gaokerena_data.curate.splits.ngrams import index_ngrams
from gaokerena_data.curate.texts.other_texts import clean_others
from gaokerena_data.curate.texts.whole_records import cleaned_rows, extracted_rows
from gaokerena_data.datasets.configs import REMOVED_SCHEMA
from gaokerena_data.datasets.declaration import DEV, TEST, UNASSIGNED
from gaokerena_data.datasets.settings import Review
from gaokerena_data.settled import DISPUTED, Ruling, read_settled

# Rules whose dropped records may be shown with their texts, by name without the version. Whatever
# is not named here is withheld, so that a rule of privacy which somebody adds is never shown.
SHOWN = frozenset(
    {
        "script",
        "language",
        "answer_length",
        "content_length",
        "medical_page",
        "quality",
        "worth",
        "exact_duplicate",
        "near_duplicate",
        "repeated_answer",
        "visible_fault",
        "review",
        "short_share",
        "chosen_option",
        "rejected_option",
        "rejected_text",
        "length_ratio",
        "answer_in_prompt",
    }
)
# The packaged rules that are withheld on purpose: what they drop was asked to be left out or tells
# who somebody is, is near a text that tests, has no text, or stands elsewhere under its own id.
WITHHELD = frozenset(
    {
        "takedown",
        "personal_data",
        "benchmark_ngram",
        "benchmark_near",
        "decontaminate",
        "containment",
        "split",
        "answered",
        "repeated_record",
        "paper_same_question",
        "paper_split",
    }
)
_BENCHMARK_RULES = ("benchmark_ngram@1", "benchmark_near@1")


def uncleaned_rows(decided: Decided) -> dict[str, pa.Table]:
    """Every record with a body once, as it was read, in id order, without personal data.

    Returns:
        Those that were kept under the names of their splits, the others as "unassigned": whoever
        trains on this config's train learns from no test.
    """
    curating, kind = decided.curating, decided.curating.declaration.kind
    table = _publishable(decided).sort_by("id")
    records = extracted_rows(table, curating.files, kind)
    redacted = curating.store.read(table["key"], ["redacted_heading", "redacted_body"])
    for name, column in zip(kind.texts, redacted.column_names, strict=True):
        texts = pc.coalesce(redacted[column], records[name])
        records = records.set_column(records.column_names.index(name), name, texts)
    if kind.others:
        records = clean_others(records, kind, curating.store.language, normalize=False)
    records = records.filter(pc.not_equal(records[kind.body], ""))
    found: dict[str, pa.Table] = {}
    rest = pa.array([True] * records.num_rows, pa.bool_())
    for name, rows in decided.splits.items():
        mine = pc.is_in(records["id"], rows["id"].combine_chunks()).combine_chunks()
        found[name] = records.filter(mine).combine_chunks()
        rest = pc.and_not(rest, mine)
    return found | {UNASSIGNED: records.filter(rest).combine_chunks()}


def removed_rows(decided: Decided) -> pa.Table:
    """What the rules left out and may be shown, normalized and in id order, with the reason.

    Not shown is what privacy or a wish left out, whichever rule came first, what reviewers changed,
    records of sources that test, those that some version had in dev or test, and whatever is like
    a text of dev, test or a benchmark or holds one: who trains on these rows learns from no test.

    Returns:
        The fields of the dataset's kind and `REMOVED_SCHEMA`; `keeper` is null where that record
        is published nowhere.
    """
    curating, kind = decided.curating, decided.curating.declaration.kind
    dropped = decided.ledger.filter(pc.equal(decided.ledger["decision"], "dropped"))
    shown = {name for name in RULES if name.partition("@")[0] in SHOWN}
    dropped = dropped.filter(pc.is_in(dropped["step"], pa.array(sorted(shown), pa.string())))
    table = _publishable(decided)
    table = table.filter(pc.is_in(table["id"], dropped["id"].combine_chunks()))
    table = table.filter(pa.array(curating.may_train(table)))
    hidden = [each.record_id for each in _rulings(curating) if _is_changed(each)]
    hidden += [each for each, split in curating.released.items() if split in (DEV, TEST)]
    table = _without(table, hidden).sort_by("id")
    if table.num_rows:
        table = _clear_of_tests(table, decided)
    nowhere = Path("nothing-was-written-before")
    with closing(cleaned_rows(table, nowhere, curating.files, kind, curating.store)) as parts:
        records = pa.concat_tables([kind.schema.empty_table(), *parts])
    records = _with_reasons(records, dropped, decided)
    return records.filter(pc.not_equal(records[kind.body], "")).combine_chunks()


def _publishable(decided: Decided) -> pa.Table:
    """Every record once that neither a wish nor privacy keeps from being shown."""
    curating = decided.curating
    table = drop_repeated(decided.numbers).kept
    table = drop_taken_down(table, curating).kept
    if identifying := curating.find(PersonalDataSettings):
        table = drop_identified(table, identifying.drop_personal_data).kept
    return _without(table, [each.record_id for each in _rulings(curating) if each.is_private])


def _rulings(curating: Curating) -> list[Ruling]:
    """What reviewers settled, where the dataset is reviewed."""
    if not curating.declaration.is_reviewed or curating.preset is not None:
        return []
    review = curating.read(Review).review
    name = curating.declaration.name
    return list(read_settled(curating.workspace, name, review.rule, review.senior).rulings)


def _is_changed(ruling: Ruling) -> bool:
    """Whether its texts may hold what reviewers took out of them, or have not settled yet."""
    return bool(ruling.question or ruling.answer) or ruling.reason == DISPUTED


def _without(table: pa.Table, ids: list[str]) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["id"], pa.array(ids, pa.string()))))


def _clear_of_tests(table: pa.Table, decided: Decided) -> pa.Table:
    """The records that are like no text of dev, test or a benchmark, and hold none."""
    curating = decided.curating
    for name in _BENCHMARK_RULES:
        if name in curating.declaration.steps:
            table = RULES[name].apply(table, curating).kept
    names = [name for name in table.column_names if name in decided.numbers.column_names]
    held = [decided.splits[name].select(names) for name in (DEV, TEST) if name in decided.splits]
    if not sum(rows.num_rows for rows in held):
        return table
    both = pa.concat_tables([table.select(names), *held]).sort_by("id")
    is_held = np.asarray(pc.is_in(both["id"], pa.concat_tables(held)["id"].combine_chunks()))
    clusters = curating.with_clusters(both)["cluster"].to_numpy()
    far = is_held | ~np.isin(clusters, clusters[is_held])
    both, is_held = both.filter(pa.array(far)), is_held[far]
    if containment := curating.find(ContainmentSettings):
        texts = [each.texts for each in curating.texts(both)]
        index = index_ngrams(texts, containment.containment)
        both = drop_holders(both, is_held, index).kept
    return table.filter(pc.is_in(table["id"], both["id"].combine_chunks()))


def _with_reasons(records: pa.Table, dropped: pa.Table, decided: Decided) -> pa.Table:
    """The records with what the ledger says of each."""
    rows = dropped.take(pc.index_in(records["id"], value_set=dropped["id"].combine_chunks()))
    kept = [table["id"].combine_chunks() for table in decided.splits.values()]
    there = pa.concat_arrays([*kept, records["id"].combine_chunks()])
    keeper = pc.if_else(pc.is_in(rows["keeper"], there), rows["keeper"], None)
    numbers = [
        pc.if_else(pc.is_finite(rows[name]), rows[name], None) for name in ("value", "threshold")
    ]
    columns = [rows["step"], rows["reason"], *numbers, keeper]
    for field, column in zip(REMOVED_SCHEMA, columns, strict=True):
        records = records.append_column(field, column)
    return records
