import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.takedowns.requests import Takedowns, add_takedown, load_takedowns, make_takedown
from gaokerena_data.workspace import Workspace

PAGE = "https://www.drhast.com/question/%D8%B3%D8%B1%D8%AF%D8%B1%D8%AF/"


def test_requests_are_kept_sorted_one_a_line_and_a_new_reason_takes_the_old_ones_place(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path)
    add_takedown(workspace, "www.IsoVisit.com", "درخواست صاحب سایت")
    add_takedown(workspace, "drhast-0123456789abcdef", "names  a patient")
    _, is_new = add_takedown(workspace, PAGE, "asked by the author")
    assert is_new
    before = workspace.takedowns_file.read_bytes()
    _, is_new = add_takedown(workspace, PAGE, "asked by the author")
    assert not is_new
    assert workspace.takedowns_file.read_bytes() == before
    add_takedown(workspace, PAGE, "asked by the doctor")
    rows = [json.loads(line) for line in workspace.takedowns_file.read_text("utf-8").splitlines()]
    assert rows == [
        {"kind": "host", "target": "isovisit.com", "reason": "درخواست صاحب سایت"},
        {"kind": "id", "target": "drhast-0123456789abcdef", "reason": "names a patient"},
        {"kind": "url", "target": PAGE, "reason": "asked by the doctor"},
    ]


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://drhast.com/question/سردرد",
        "https://drhast.com/question/سردرد/#answers",
        "https://drhast.com:443/question/سردرد?utm_source=mail&fbclid=a",
        "HTTPS://WWW.DRHAST.COM/question/%d8%b3%d8%b1%d8%af%d8%b1%d8%af",
    ],
)
def test_a_page_is_known_in_every_spelling(url: str) -> None:
    takedowns = Takedowns([make_takedown(PAGE, "why")])
    assert takedowns.matches("drhast-0000000000000000", url) == "why"
    assert takedowns.matches("drhast-0000000000000000", url.replace("/question", "/q")) is None


def test_a_host_takes_its_subdomains_and_the_rows_that_kept_no_url() -> None:
    takedowns = Takedowns([make_takedown("niniban.com", "why")])
    assert takedowns.matches("niniban-0000000000000000") == "why"
    assert takedowns.matches("x-0", "https://forum.niniban.com/12") == "why"
    assert takedowns.matches("x-0", None, "www.niniban.com") == "why"
    assert takedowns.matches("x-0", "https://notniniban.com/12") is None
    assert takedowns.matches("drhast-0000000000000000") is None


@pytest.mark.parametrize(
    "target", ["", "drhast", "drhast-12", "https://", "ftp://a.ir/x", "a b.ir"]
)
def test_what_is_neither_id_url_nor_host_is_refused(target: str) -> None:
    with pytest.raises(GaokerenaError):
        make_takedown(target, "why")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"kind": "id", "target": "drhast-0123456789abcdef"}',
        '{"kind": "url", "target": "drhast.com", "reason": "x"}',
        '{"kind": "host", "target": 3, "reason": "x"}',
    ],
)
def test_a_damaged_file_stops_the_work_and_names_the_line(tmp_path: Path, line: str) -> None:
    workspace = Workspace(tmp_path)
    add_takedown(workspace, "isovisit.com", "why")
    with workspace.takedowns_file.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(GaokerenaError, match=r"takedowns\.jsonl:2"):
        load_takedowns(workspace)


@given(st.text(), st.text() | st.none(), st.text() | st.none())
def test_no_record_breaks_the_look_up(record: str, url: str | None, host: str | None) -> None:
    takedowns = Takedowns([make_takedown("niniban.com", "why"), make_takedown(PAGE, "why")])
    assert takedowns.matches(record, url, host) in (None, "why")
