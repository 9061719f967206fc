"""Pairs that are nearly the same and yet say something else stay, and the ledger says so."""

from pathlib import Path

from gaokerena_data.curate.run import curate
from gaokerena_data.workspace import Workspace
from tests.pairs import answer, pair, question, write_records


def test_a_dose_and_a_negation_are_not_swallowed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    doses = [
        pair("drhast", question(1), f"{answer(1)} روزی یک قرص {dose} میلی‌گرم بخورید.")
        for dose in ("۵۰", "۵۰۰")
    ]
    allergies = [
        pair("drhast", f"{question(2)} به پنی‌سیلین حساسیت {has}.", answer(2))
        for has in ("دارم", "ندارم")
    ]
    wordings = [
        pair("drhast", question(3), f"{answer(3)} {end}")
        for end in ("موفق و پیروز باشید.", "تندرست و شاد باشید.")
    ]
    write_records(workspace, [*doses, *allergies, *wordings])
    curation = curate(workspace, "mf3qa", lambda *_: None, workers=1)
    rows = {row["id"]: row for row in curation.ledger.to_pylist()}
    for twins, said in ((doses, "but for a number"), (allergies, "but for a negation")):
        assert {rows[each.id]["decision"] for each in twins} == {"kept"}
        assert {rows[each.id]["reason"] for each in twins} == {"train"}
        assert [said in (rows[each.id]["detail"] or "") for each in twins].count(True) == 1
    assert sorted(rows[each.id]["decision"] for each in wordings) == ["dropped", "kept"]
