"""Imported by a fork server: everything that a curation loads is loaded once, before the forks."""

from pathlib import Path

import pyarrow as pa

from gaokerena_data import cli  # noqa: F401  (what every command imports)
from gaokerena_data.curate.measures.engines import measure_shard
from gaokerena_data.curate.run import curate  # noqa: F401
from gaokerena_data.curate.settings import load_settings
from gaokerena_data.curate.told.similar_lookup import find_alike  # noqa: F401
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.drawing import drawing_style, new_figure
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question

measure_shard(
    pa.table({"key": ["0"], "heading": [question(1)], "body": [answer(1)]}),
    load_settings(Workspace(Path("none")), MF3QA).near_duplicates,
)

with drawing_style():
    new_figure(1.0)[0].canvas.draw()
