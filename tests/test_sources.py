import pytest

from gaokerena_data.datasets.registry import DATASETS
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.sources import SOURCES, crawled_sources, find_source


def test_fourteen_sites_at_least_and_kqa() -> None:
    assert len(crawled_sources()) >= 14
    assert set(SOURCES) - {source.name for source in crawled_sources()} == {
        "kqa",
        "gaokerena_r",
        "reason",
    }


def test_niniban_is_a_magazine_and_a_forum() -> None:
    assert SOURCES["niniban"].kinds == ("article", "question_answer")


def test_every_source_is_in_a_dataset_of_each_of_its_kinds() -> None:
    taken = {(name, each.kind.name) for each in DATASETS.values() for name in each.sources}
    assert taken == {(source.name, kind) for source in SOURCES.values() for kind in source.kinds}


def test_no_source_feeds_both_train_and_test() -> None:
    for dataset in DATASETS.values():
        for name in dataset.sources:
            assert not {"train", "test"} <= set(dataset.splits_of(name))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("doctor-yab", "doctoryab"),
        ("DoctorYab", "doctoryab"),
        ("doctor-yab.ir", "doctoryab"),
        ("www.niniban.com", "niniban"),
        ("K-QA", "kqa"),
    ],
)
def test_a_source_is_found_by_any_of_its_names(said: str, meant: str) -> None:
    assert find_source(said).name == meant


def test_an_unknown_source_is_told_with_the_known_ones() -> None:
    with pytest.raises(GaokerenaError, match=r"'webmd'.*drhast"):
        find_source("webmd")


def test_no_two_sources_answer_to_one_name() -> None:
    names = [name for source in SOURCES.values() for name in source.spellings]
    assert len(names) == len(set(names))
