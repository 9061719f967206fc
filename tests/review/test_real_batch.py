"""A real batch of 300 rows through every format and back, applied, released: the diff is exact."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gaokerena_data.curate.run import Curation, curate
from gaokerena_data.imports.records import import_file
from gaokerena_data.release.build import find_release, release
from gaokerena_data.release.differences.diff import compare
from gaokerena_data.review.batch import Row, part_of
from gaokerena_data.review.decisions import load_decisions, log_path
from gaokerena_data.review.export import WRITERS
from gaokerena_data.review.incoming import import_replies
from gaokerena_data.text.normalizer import normalize
from gaokerena_data.workspace import Workspace
from tests.review.filling import FILLERS
from tests.review.libreoffice import save_in_libreoffice
from tests.review.rows import export

pytestmark = pytest.mark.real_data


def curated(workspace: Workspace) -> Curation:
    return curate(workspace, "mf3qa", lambda *_: None, workers=1)


def wish(number: int, row: Row) -> dict[str, str]:
    """Of ten rows six are accepted, two rejected, one corrected, one not decided."""
    if number % 10 < 6:
        return {"choice": "accept"}
    if number % 10 < 8:
        return {"choice": "reject", "reason": "outdated", "note": f"یادداشت {number}"}
    if number % 10 == 8:
        return {"choice": "edit", "answer": f"{row.answer} با پزشک معالج مشورت کنید."}
    return {}


def test_the_diff_holds_exactly_the_decisions(tmp_path: Path, real_data: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    legacy = real_data / "legacy"
    import_file(workspace, "niniban", legacy / "niniban_qa_filtered.xlsx")
    import_file(workspace, "doctoryab", legacy / "doctoryab_qa_filtered.xlsx")
    curated(workspace)
    release(workspace, "mf3qa", "1.0.0")

    exported = export(workspace, "xlsx", sample=300)
    batch, folder = exported.batch, exported.files["maryam"].parent
    files = {name: write(part_of(batch, "maryam"), folder) for name, write in WRITERS.items()}
    assert len(batch.rows) == 300
    wanted = {row.id: wish(number, row) for number, row in enumerate(batch.rows)}
    logs = []
    for file_format, file in files.items():
        filled = FILLERS[file_format](file, batch, wanted)
        if file_format == "xlsx":
            filled = save_in_libreoffice(filled, tmp_path / "office")
        log_path(workspace, "mf3qa").unlink(missing_ok=True)
        imported = import_replies(workspace, "mf3qa", filled)
        assert (imported.refused, imported.added, imported.open) == ([], 270, 30)
        log = load_decisions(log_path(workspace, "mf3qa"))
        logs.append({replace(decision, decided_at="") for decision in log})
    assert all(log == logs[0] for log in logs)

    curation = curated(workspace)
    assert curation.stale_reviews == []
    release(workspace, "mf3qa", "1.1.0")
    old, new = (find_release(workspace, "mf3qa", version) for version in ("1.0.0", "1.1.0"))
    diff = compare(old, new, workspace.release_ledger("mf3qa", "1.1.0")).configs["default"]
    rejected = {name for name, said in wanted.items() if said.get("choice") == "reject"}
    edited = {name: said["answer"] for name, said in wanted.items() if said.get("answer")}
    assert diff.added == []
    assert {row.id for row in diff.removed} == rejected
    assert {row.id for row in diff.changed if row.columns} == set(edited)
    answers = {
        row["id"]: row["answer"]
        for split in ("train", "dev", "test")
        for row in pq.read_table(
            curation.folder / "default" / f"{split}.parquet", columns=["id", "answer"]
        ).to_pylist()
    }
    assert {name: answers[name] for name in edited} == {
        name: normalize(text) for name, text in edited.items()
    }
    ledger = {row["id"]: row for row in curation.ledger.to_pylist() if row["id"] in wanted}
    contents = {row.id: row.content for row in batch.rows}
    for name in rejected:
        row = ledger[name]
        assert (row["decision"], row["step"], row["reason"]) == ("dropped", "review@1", "outdated")
        assert "یادداشت" in row["detail"]
    for name in edited:
        assert ledger[name]["decision"] == "kept"
        assert contents[name] in ledger[name]["detail"]

    # Decided rows are not asked again, and a later curation says the same.
    assert not {row.id for row in export(workspace, sample=10_000).batch.rows} & {
        name for name, said in wanted.items() if said
    }
    assert curated(workspace).ledger.equals(curation.ledger)
