"""The story of one record, by whatever it is known by."""

from pathlib import Path

import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.curate.told.why import find_story
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.imports.records import import_file
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, question

URL = "https://drhast.com/q/abc12"


def test_an_imported_record_is_found_by_id_url_and_row(tmp_path: Path) -> None:
    room = Workspace(tmp_path / "workspace")
    file = tmp_path / "crawl.csv"
    file.write_text(f'question,answer,url\n"{question(1)}","{answer(1)}",{URL}\n', "utf-8")
    import_file(room, "drhast", file)
    curation = curate(room, "mf3qa", lambda *_: None, workers=1)
    [record_id] = curation.ledger["id"].to_pylist()
    by_id, *others = (
        [title for title, _ in find_story(room, name).chapters]
        for name in (record_id, URL, "crawl.csv:1")
    )
    assert "Curated into mf3qa: kept" in by_id
    assert others == [by_id, by_id]
    with pytest.raises(GaokerenaError, match="no record goes by this"):
        find_story(room, "https://drhast.com/q/nobody")
