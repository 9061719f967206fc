"""The cities of Iran, as cities.txt lists them."""

from functools import cache
from typing import NamedTuple

from gaokerena_data.text.files import listed_lines


class City(NamedTuple):
    """A city, its province, and whether its name is an ordinary word as well."""

    name: str
    province: str
    is_word: bool


@cache
def cities() -> tuple[City, ...]:
    """The listed cities, in order."""
    provinces = (line.partition(": ") for line in listed_lines("cities.txt"))
    return tuple(
        City(name.rstrip("*"), province, name.endswith("*"))
        for province, _, names in provinces
        for name in names.split("، ")
    )
