"""Registries: things by name, and what is told of names that are wrong or taken."""

from dataclasses import dataclass

import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.registry import Registry


@dataclass(frozen=True)
class Herb:
    name: str
    use: str = ""


@pytest.fixture
def herbs() -> Registry[Herb]:
    return Registry("a herb", Herb, (Herb("mint"), Herb("sage")), "gaokerena_data.tests.herbs")


def test_things_are_found_by_name_in_their_order(herbs: Registry[Herb]) -> None:
    assert list(herbs) == ["mint", "sage"]
    assert herbs.find("sage") == herbs["sage"] == Herb("sage")
    assert "thyme" not in herbs
    assert len(herbs) == 2


def test_an_unknown_name_is_told_with_the_known_ones(herbs: Registry[Herb]) -> None:
    with pytest.raises(
        GaokerenaError, match=r"^no herb is called 'rose'; give one of: mint, sage$"
    ):
        herbs.find("rose")


def test_a_name_that_is_nearly_right_is_proposed(herbs: Registry[Herb]) -> None:
    with pytest.raises(GaokerenaError, match=r"mint, sage; did you mean mint\?$"):
        herbs.find("mnit")


def test_one_name_twice_is_refused() -> None:
    with pytest.raises(GaokerenaError, match="a herb called 'mint' is declared twice"):
        Registry("a herb", Herb, (Herb("mint"), Herb("mint")), "gaokerena_data.tests.herbs")


def test_a_workspace_s_own_come_last_and_go_with_it(herbs: Registry[Herb]) -> None:
    herbs.use([Herb("saffron"), Herb("mint", "tea")])
    assert list(herbs) == ["mint", "sage", "saffron"]
    assert herbs["mint"].use == "tea"
    assert herbs.packaged() == [Herb("mint"), Herb("sage")]
    herbs.use([])
    assert list(herbs) == ["mint", "sage"]
    assert herbs["mint"].use == ""
