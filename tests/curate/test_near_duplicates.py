import random
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gaokerena_data.text.near_duplicates.clusters import clusters
from gaokerena_data.text.near_duplicates.jaccard import jaccard
from gaokerena_data.text.near_duplicates.search import find_matches, find_near_duplicates
from gaokerena_data.text.near_duplicates.signatures import Fingerprints, fingerprints, minhash
from gaokerena_data.text.shingling import batch_shingles, shingle_hashes

VOCABULARY = re.findall(
    r"\w+",
    """
    قلب کلیه کبد ریه معده روده پوست استخوان خون فشار دیابت تب سرفه درد عفونت دارو قرص شربت آمپول
    پزشک بیمار درمان علائم آزمایش جراحی بارداری نوزاد کودک شیر مادر پدر روز شب هفته ماه سال بعد
    قبل غذا آب خواب ورزش رژیم وزن قند چربی نمک ویتامین آهن کلسیم حساسیت خارش ورم سردرد تهوع
    """,
)


def article(seed: int, length: int = 120) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=length)


def with_changes(words: list[str], seed: int, changes: int) -> list[str]:
    chance = random.Random(seed)
    changed = list(words)
    for place in chance.sample(range(len(words)), changes):
        changed[place] = f"واژه{chance.randrange(10**6)}"
    return changed


def plain_jaccard(one: str, other: str, n: int) -> float:
    a, b = set(shingle_hashes(one, n).tolist()), set(shingle_hashes(other, n).tolist())
    return len(a & b) / len(a | b)


def labels_of(
    texts: list[str], n: int = 5, threshold: float = 0.8, bands: int = 28, rows: int = 4
) -> list[int]:
    matches = find_near_duplicates(texts, n=n, threshold=threshold, bands=bands, rows=rows)
    return list(clusters(matches.first, matches.second, len(texts)).tolist())


def test_signatures_are_those_of_datasketch() -> None:
    # More hashes than are permuted at once, and fewer.
    texts = [" ".join(article(seed, 5 + 400 * seed)) for seed in range(12)] + ["کوتاه", ""]
    shingles = batch_shingles(texts)
    signatures = minhash(shingles, permutations=112, seed=7)
    for i in range(len(texts)):
        theirs = MinHash(num_perm=112, seed=7, hashfunc=lambda value: value & 0xFFFFFFFF)
        theirs.update_batch(shingles.hashes[shingles.starts[i] : shingles.starts[i + 1]].tolist())
        assert signatures[i].tolist() == theirs.hashvalues.tolist()


def test_finds_the_repeated_and_the_slightly_changed() -> None:
    texts = [" ".join(article(seed)) for seed in range(30)]
    texts += [texts[3], texts[3].replace("ک", "ك"), " ".join(with_changes(article(5), 1, 2))]
    matches = find_near_duplicates(texts)
    pairs = list(zip(matches.first.tolist(), matches.second.tolist(), strict=True))
    assert pairs == [(3, 30), (3, 31), (5, 32)]
    assert matches.jaccard[:2].tolist() == [1.0, 1.0]
    assert matches.jaccard[2] == plain_jaccard(texts[5], texts[32], 5)


def test_the_true_similarity_decides() -> None:
    base = article(1, 200)
    texts = [" ".join(base), " ".join(with_changes(base, 1, 6))]
    similarity = plain_jaccard(texts[0], texts[1], 5)
    assert 0.7 < similarity < 0.8
    assert not len(find_near_duplicates(texts, bands=56, rows=2).first)
    found = find_near_duplicates(texts, bands=56, rows=2, threshold=similarity)
    assert found.jaccard.tolist() == [similarity]


def test_short_texts_are_equal_or_different_never_near_or_lost() -> None:
    texts = [
        "گروه خونی O+",
        "گروه خونی O-",
        "گروه خونی  o+ ؟",
        "تب ۳۸٫۵",
        "تب ۳۸ ۵",
        "؟",
        "!",
        "",
        "؟",
        "",
    ]
    assert labels_of(texts) == [0, 1, 0, 3, 4, 5, 6, 7, 5, 7]


def test_a_dose_keeps_two_answers_apart() -> None:
    texts = ["قرص ۵۰۰ میلی گرم روزی ۲ بار", "قرص ۲۵ میلی گرم روزی ۴ بار"]
    assert labels_of(texts, n=3) == [0, 1]


def test_a_chain_is_one_cluster() -> None:
    base = article(9, 200)
    chain = [base]
    for step in range(4):
        chain.append(with_changes(chain[-1], step, 3))
    texts = [" ".join(words) for words in chain]
    assert plain_jaccard(texts[0], texts[4], 5) < 0.8
    assert labels_of(texts) == [0] * 5


def test_many_copies_cost_one_pair_each() -> None:
    texts = [" ".join(article(seed % 3)) for seed in range(3000)]
    matches = find_near_duplicates(texts)
    assert len(matches.first) == 2997
    assert clusters(matches.first, matches.second, 3000).tolist() == [0, 1, 2] * 1000


def test_every_variant_of_a_template_is_found() -> None:
    base = article(4, 150)
    texts = [" ".join(with_changes(base, seed, 1)) for seed in range(600)]
    matches = find_near_duplicates(texts)
    assert len(set(clusters(matches.first, matches.second, 600).tolist())) == 1
    assert len(matches.first) < 1200


def test_progress_goes_up_to_the_last_candidates_which_are_all_of_them() -> None:
    base = article(4, 150)
    texts = [" ".join(with_changes(base, seed, 1)) for seed in range(300)]
    told: list[tuple[int, int]] = []
    find_matches(fingerprints(texts), texts, progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert {total for _, total in told} == {300}
    # In a bucket of 300, those after the 64th are compared with fewer than all.
    assert [done for done, _ in told[-2:]] == [300, 300]
    assert len(set(told)) > 3


def test_members_of_one_bucket_that_differ_from_its_first_still_find_each_other() -> None:
    common, one, other = article(2, 90), article(21, 30), article(22, 30)
    texts = [
        " ".join(with_changes(common + tail, seed, 1))
        for seed, tail in enumerate([one, other, one, other, other])
    ]
    assert plain_jaccard(texts[0], texts[1], 5) < 0.7
    assert labels_of(texts, bands=112, rows=1) == [0, 1, 0, 1, 1]


def pairs_of_all(texts: list[str], n: int, threshold: float) -> list[int]:
    near = [
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if plain_jaccard(texts[i], texts[j], n) >= threshold
    ]
    first, second = np.array(near, np.int64).reshape(-1, 2).T
    return list(clusters(first, second, len(texts)).tolist())


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from(["آب", "نان", "2.5", "O+"]), max_size=7).map(" ".join), max_size=12
    ),
    st.integers(1, 3),
)
def test_with_one_row_a_band_it_is_the_comparison_of_all_pairs(texts: list[str], n: int) -> None:
    assert labels_of(texts, n=n, threshold=0.5, bands=112, rows=1) == pairs_of_all(texts, n, 0.5)


@settings(max_examples=20)
@given(st.integers(0, 40), st.randoms())
def test_new_texts_against_stored_signatures_are_a_run_from_scratch(
    old: int, chance: random.Random
) -> None:
    texts = [
        " ".join(with_changes(article(chance.randrange(12), 60), chance.randrange(99), 1))
        for _ in range(40)
    ] + ["تب دارم"]
    chance.shuffle(texts)
    joined = Fingerprints.joined([fingerprints(texts[:old]), fingerprints(texts[old:])])
    scratch = find_near_duplicates(texts)
    later = find_matches(joined, texts)
    assert all((a == b).all() for a, b in zip(scratch, later, strict=True))


def test_an_iterator_is_fingerprinted_without_being_held() -> None:
    alive = 0

    class Text(str):
        def __init__(self, _: str) -> None:
            nonlocal alive
            alive += 1

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0

    def stream() -> Iterator[str]:
        nonlocal most
        for seed in range(400):
            yield Text(" ".join(article(seed, 1000)))
            most = max(most, alive)

    assert len(fingerprints(stream())) == 400
    assert most < 300


def test_signatures_are_kept_on_disk(tmp_path: Path) -> None:
    prints = fingerprints([" ".join(article(seed)) for seed in range(5)])
    prints.save(tmp_path / "signatures-0.npz")
    prints.save(tmp_path / "again.npz")
    read = Fingerprints.load(tmp_path / "signatures-0.npz")
    assert (read.signatures == prints.signatures).all()
    assert (read.whole == prints.whole).all()
    assert (read.word_counts == prints.word_counts).all()
    assert (read.n, read.seed) == (5, 1)
    assert (tmp_path / "signatures-0.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x93NUMPY"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "signatures-0.npz"
    broken.write_bytes(content)
    with pytest.raises(ValueError, match=r"signatures-0\.npz"):
        Fingerprints.load(broken)


def test_signatures_of_other_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="settings"):
        Fingerprints.joined([fingerprints(["الف"], n=3), fingerprints(["ب"], n=5)])


def test_what_does_not_fit_together_is_refused() -> None:
    prints = fingerprints(["یک", "دو"])
    with pytest.raises(ValueError, match="2 fingerprints for 1 texts"):
        find_matches(prints, ["یک"])
    with pytest.raises(ValueError, match="5 bands"):
        find_matches(prints, ["یک", "دو"], bands=5)


def test_similarity_of_named_pairs() -> None:
    base = article(3, 50)
    texts = [" ".join(base), " ".join(with_changes(base, 1, 1)), "تب", "تب؟", "سرفه"]
    first, second = np.array([0, 2, 2, 0]), np.array([1, 3, 4, 2])
    assert jaccard(texts, first, second).tolist() == [
        plain_jaccard(texts[0], texts[1], 5),
        1.0,
        0.0,
        0.0,
    ]


def test_nothing_has_no_matches() -> None:
    assert not len(find_near_duplicates([]).first)
    assert clusters(np.zeros(0, np.int64), np.zeros(0, np.int64), 0).tolist() == []


@pytest.mark.real_data
def test_on_real_answers_no_pair_is_missed(real_data: Path) -> None:
    rows = CalamineWorkbook.from_path(real_data / "legacy" / "niniban_qa_filtered.xlsx")
    answers = [str(row[1]) for row in rows.get_sheet_by_index(0).to_python()[1:]]
    found = labels_of(answers, n=3)
    assert found == labels_of(answers, n=3, bands=112, rows=1)
    # The authors' dev split is the first 2,000 rows; 31 % of them are among the others too.
    others = set(found[2000:])
    assert 0.30 < sum(label in others for label in found[:2000]) / 2000 < 0.33


@given(count=st.integers(1, 40), pairs=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39))))
def test_clusters_are_the_connected_components(count: int, pairs: list[tuple[int, int]]) -> None:
    ends = np.array(pairs, np.int64).reshape(-1, 2) % count
    graph = coo_array((np.ones(len(ends)), ends.T), shape=(count, count))
    _, components = connected_components(graph, directed=False)
    expected = [int(np.flatnonzero(components == each)[0]) for each in components]
    assert clusters(ends[:, 0], ends[:, 1], count).tolist() == expected


def test_a_chain_in_any_order_is_one_cluster() -> None:
    chain = np.random.default_rng(5).permutation(20_000)
    assert not clusters(chain[:-1], chain[1:], len(chain)).any()
