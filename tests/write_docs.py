"""The tables of docs/curation.md that are made from the code: `python -m tests.write_docs`.

Each stands between two HTML comments, `<!-- NAME: ... -->` and `<!-- end of NAME -->`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gaokerena_data.curate.rules.registry import RULES
from gaokerena_data.datasets import registry
from gaokerena_data.datasets.settings import default_table
from gaokerena_data.workspace import atomic_file
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "curation.md"
DATASETS = registry.DATASETS.packaged()
# Who reads what every dataset has, whatever its rules.
READ_BY = {
    "repository": "publishing",
    "sources": "whose records are read",
    "max_source_loss": "releases: what may be gone",
    "attributed_sources": "releases: whose doctors are named",
    "generalize": "releases: what patients tell",
    "near_duplicates": "every rule that compares texts by similarity",
}


def rules_table() -> Iterator[str]:
    """Every rule, in the order in which it is applied."""
    yield "| step in the ledger | used by | what it drops | reasons |"
    yield "|---|---|---|---|"
    for step in _merged([*(each.steps for each in DATASETS), *_preset_steps()]):
        rule = RULES[step]
        reasons = ", ".join(f"`{reason}`" for reason in rule.reasons)
        yield f"| `{step}` | {', '.join(_users(step))} | {rule.drops} | {reasons} |"


def settings_table() -> Iterator[str]:
    """Every key of gaokerena.toml, with what it is where nobody says otherwise."""
    defaults = [dict(_flat(default_table(each))) for each in DATASETS]
    names = ", ".join(f"`{each.name}`" for each in DATASETS)
    yield f"| key | {names.replace(', ', ' | ')} | read by |"
    yield f"|---|{'---|' * len(DATASETS)}---|"
    read = _readers()
    keys = _merged([list(each) for each in defaults])
    for key in [*(key for key in keys if "." not in key), *(key for key in keys if "." in key)]:
        values = [f"`{each[key]}`" if key in each else "" for each in defaults]
        yield f"| `{key}` | {' | '.join(values)} | {read[key.partition('.')[0]]} |"


TABLES: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules": rules_table,
    "settings": settings_table,
}


def written(page: str) -> str:
    """A page with its tables made again."""
    for name, table in TABLES.items():
        marked = re.compile(rf"(<!-- {name}: .*? -->\n)(.*?)(<!-- end of {name} -->)", re.DOTALL)
        found = marked.findall(page)
        assert len(found) == 1, f"{PAGE}: the table {name} is to stand there once"
        head, before, end = found[0]
        made = "\n".join(["", *table(), "", ""])
        page = page.replace(head + before + end, head + made + end)
    return page


def _preset_steps() -> list[Sequence[str]]:
    return [preset.steps for each in DATASETS for preset in each.presets.values()]


def _users(step: str) -> list[str]:
    users = [each.name for each in DATASETS if step in each.steps]
    if users:
        return users
    return [
        f"{each.name} `--preset {name}`"
        for each in DATASETS
        for name, preset in each.presets.items()
        if step in preset.steps
    ]


def _merged(orders: Sequence[Sequence[str]]) -> list[str]:
    """All names once; what an order adds stands before the next name of it that stood already."""
    merged: list[str] = []
    for order in orders:
        place = len(merged)
        for name in reversed(order):
            if name in merged:
                place = merged.index(name)
            else:
                merged.insert(place, name)
    return merged


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", json.dumps(value, ensure_ascii=False)


def _readers() -> dict[str, str]:
    """Who reads a key, by the key."""
    found: dict[str, list[str]] = {}
    for step in _merged([each.steps for each in DATASETS]):
        settings = RULES[step].settings
        for key in settings.model_fields if settings is not None else ():
            found.setdefault(key, []).append(f"`{step}`")
    return {key: ", ".join(steps) for key, steps in found.items()} | READ_BY


if __name__ == "__main__":
    text = written(PAGE.read_text("utf-8"))
    with atomic_file(PAGE) as part:
        part.write_text(text, "utf-8")
