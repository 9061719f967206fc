from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.curation.articles import id_of, number_of, write_articles
from benchmarks.curation.run import judge_ids
from benchmarks.near_duplicates.corpus import write_corpus
from benchmarks.near_duplicates.peers.exchange import read_texts
from gaokerena_data.datasets.kind import ARTICLE
from gaokerena_data.workspace import Workspace


def test_new_articles_are_the_next_texts_of_the_corpus(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", 200, 300, seed=3, legacy=None)
    workspace = Workspace(tmp_path / "workspace")
    files = [
        write_articles(tmp_path / "corpus", workspace, *ends) for ends in ((0, 190), (190, 200))
    ]
    tables = [pq.read_table(file) for file in files]
    assert [table.num_rows for table in tables] == [190, 10]
    assert all(table.schema == ARTICLE.schema for table in tables)
    texts = list(read_texts(tmp_path / "corpus"))
    for table in tables:
        for row in table.to_pylist():
            assert row["content"] == texts[number_of(row["id"])]
    old, new = (table["id"].to_pylist() for table in tables)
    assert min(old) < min(new) < max(new) < max(old)


def test_what_other_rules_dropped_is_not_lost_and_a_lone_copy_is_not_found(tmp_path: Path) -> None:
    kinds = ["article", "near", "article", "near", "article", "exact", "short", "near"]
    groups = [0, 0, 1, 1, 2, 2, 3, 4]
    pq.write_table(pa.table({"kind": kinds, "group": groups}), tmp_path / "truth.parquet")

    def ids(*numbers: int) -> list[str]:
        return [id_of(number) for number in numbers]

    assert judge_ids(ids(0, 2, 3, 4), ids(6), tmp_path, 7) == (0.5, 1.0, 0)
    assert judge_ids(ids(0, 2, 3, 4), [], tmp_path, 7) == (0.5, 1.0, 1)
    # Without its original, the copy 7 would always be found.
    assert judge_ids(ids(0, 2, 3, 4, 7), ids(6), tmp_path, 8) == (0.5, 1.0, 0)
