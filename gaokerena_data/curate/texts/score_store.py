"""What a scorer says of measured texts, kept beside their signals: each text is scored once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gaokerena_data.curate.cache_files import read_kept, write_kept
from gaokerena_data.curate.texts.signal_store import SignalStore
from gaokerena_data.progress import Progress
from gaokerena_data.scoring.model_files import read_scorer, scorer_digest
from gaokerena_data.scoring.scored_fields import SCORES, SCORES_SCHEMA

_KEY = pa.field("key", pa.string())
_THREADS = 2  # numpy leaves the interpreter to another while it computes


class ScoreStore:
    """Scores of one scorer, a file for each shard of signals. Another model has another folder.

    Args:
        store: the signals.
        model: folder of the scorer.
    """

    def __init__(self, store: SignalStore, model: Path) -> None:
        self._store, self._model = store, model
        self.digest = scorer_digest(model)
        self._folder = store.folder / "scores" / self.digest[:16]

    @property
    def scored_by(self) -> str:
        """Name of the scorer, with its version."""
        return read_scorer(self._model).name

    def score_missing(self, progress: Progress) -> None:
        """Score every text that was measured and not scored yet.

        Args:
            progress: told ("score", done, total) after every shard.
        """
        missing = [each for each in self._store.shards() if not self._file(each).is_file()]
        if not missing:
            return
        total = done = 0
        progress("score", 0, len(missing))
        total = len(missing)
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(self._score, missing):
                done += 1
                progress("score", done, total)

    def read(self, keys: pa.ChunkedArray) -> pa.Table:
        """The scores of these texts, a table of `SCORES_SCHEMA` in the order of `keys`."""
        columns = ["key", *SCORES]
        tables = [read_kept(self._file(shard), columns) for shard in self._store.shards()]
        empty = pa.schema([_KEY, *SCORES_SCHEMA]).empty_table()
        held = pa.concat_tables([empty, *tables])
        places = pc.index_in(keys, value_set=held["key"])
        return held.select(list(SCORES)).take(places)

    def _file(self, shard: Path) -> Path:
        return self._folder / shard.name

    def _score(self, shard: Path) -> None:
        texts = read_kept(shard, ["key", "heading", "body"])
        scores = read_scorer(self._model).score(
            texts["heading"].to_pylist(), texts["body"].to_pylist()
        )
        write_kept(scores.add_column(0, _KEY, texts["key"]), self._file(shard))


def with_scores(table: pa.Table, scores: ScoreStore) -> pa.Table:
    """Records with the columns of `SCORES_SCHEMA` beside them."""
    found = scores.read(table["key"])
    for name in SCORES:
        table = table.append_column(SCORES_SCHEMA.field(name), found[name])
    return table
