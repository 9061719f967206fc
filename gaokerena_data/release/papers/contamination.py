"""What a card says of contamination: the n-grams its rows share with other datasets' rows.

`gaokerena evaluate contamination` counts them and leaves `contamination.json` in the workspace. A
figure is shown only where both sides are still the files that were counted.
"""

import json
from functools import cache
from typing import Any

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace, sha256_file


def read_contamination(workspace: Workspace, dataset: str) -> dict[str, Any] | None:
    """The rows of the report in which a dataset is one of the two sides.

    Args:
        workspace: where the report and the counted files lie.
        dataset: a dataset or a benchmark.

    Returns:
        `n`; `rows` (test, column, train, items, touched, covered, verbatim, inside, reworded,
        plain); `sources` (name ->
        SHA-256) of what they were counted on. None where nothing was counted on these files.

    Raises:
        GaokerenaError: a damaged report.
    """
    file = workspace.contamination_file
    if not file.is_file():
        return None
    try:
        report = json.loads(file.read_text("utf-8"))
        sources = report["sources"]

        @cache
        def is_current(name: str) -> bool:
            path = workspace.root / sources[name]["location"]
            return path.is_file() and bool(sha256_file(path) == sources[name]["sha256"])

        rows = [
            row
            for row in report["rows"]
            if dataset in {sources[row[side]]["dataset"] for side in ("test", "train")}
            and is_current(row["test"])
            and is_current(row["train"])
        ]
        named = dict.fromkeys(row[side] for side in ("test", "train") for row in rows)
        digests = {name: sources[name]["sha256"] for name in named}
        return {"n": report["n"], "rows": rows, "sources": digests} if rows else None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise GaokerenaError(
            f"{file}: damaged ({error}); run `gaokerena evaluate contamination` again"
        ) from None
