"""`gaokerena sample`: some records of a curation, to be read."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gaokerena_data.curate.run import curate
from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.command_line import CommandLine
from tests.pairs import answer, clean_records, pair, question, write_records

HOSTILE = "<script>alert(1)</script> \x1b[2J شماره‌ام 09123456789 است"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("sample"))
    short = [pair("niniban", f"{question(n)} {HOSTILE}", f"خوب است {n}") for n in range(200, 206)]
    gone = pair("drhast", question(300), answer(300))
    write_records(workspace, [*clean_records(), *short, gone])
    add_takedown(workspace, gone.id, "asked for")
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    return workspace


type Sample = Callable[..., tuple[int, str]]


@pytest.fixture
def sample(
    room: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Sample:
    """Its exit code, and all that it printed."""
    gaokerena = CommandLine(capsys, monkeypatch)

    def run(*options: str, workspace: Workspace = room) -> tuple[int, str]:
        done = gaokerena("sample", "mf3qa", *options, "--workspace", workspace.root)
        return done.code, done.out + done.err

    return run


def ids(output: str) -> list[str]:
    return re.findall(r"\d+\. ([a-z]+-[0-9a-f]{16}): ", output)


def test_what_a_rule_left_out_with_its_words(sample: Sample) -> None:
    code, output = sample("--dropped", "--rule", "answer_length", "-n", "4")
    assert code == 0
    assert len(set(ids(output))) == 4
    assert output.count("dropped by answer_length@1, too_short: 3, against 4 (niniban)") == 4
    assert "[تلفن]" in output
    assert "4 of 6 records" in output
    assert "09123456789" not in output
    assert "\x1b" not in output


def test_the_same_seed_draws_the_same_and_fewer_are_its_beginning(sample: Sample) -> None:
    ten, five = ids(sample("--kept")[1]), ids(sample("--kept", "-n", "5")[1])
    assert ten[:5] == five
    assert len(set(ten)) == 10
    assert ids(sample("--kept", "--seed", "2")[1]) != ten


def test_by_source_and_split(sample: Sample) -> None:
    code, output = sample("--source", "doctor-yab", "--reason", "test", "-n", "50")
    assert code == 0
    assert len(ids(output)) == 10
    assert output.count("kept in test (doctoryab)") == 10


def test_what_was_taken_down_is_not_shown(sample: Sample) -> None:
    output = sample("--rule", "takedown@2")[1]
    assert "(its words are not shown)" in output
    assert question(300)[:20] not in output


def test_a_page(sample: Sample, tmp_path: Path) -> None:
    page = tmp_path / "rows.html"
    code, output = sample("--rule", "answer_length@1", "-n", "7", "--html", str(page))
    assert code == 0
    assert "6 of 6 records" in output
    html = page.read_text("utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert html.count("<article") == 6
    assert "default-src 'none'" in html


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--rule", "answer_lenght"), 1, "these did: answer_length@1"),
        (("--source", "nowhere"), 1, "nowhere"),
        (("--kept", "--reason", "too_short"), 1, "no such record with reason too_short"),
        (("--kept", "--dropped"), 2, "give one of the two"),
    ],
)
def test_mistakes(sample: Sample, options: tuple[str, ...], code: int, said: str) -> None:
    exit_code, output = sample(*options)
    assert exit_code == code
    assert said in output


def test_nothing_curated(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "gaokerena.toml").write_text("", "utf-8")
    code, output = sample(workspace=Workspace(tmp_path))
    assert code == 1
    assert "run `gaokerena curate mf3qa`" in output


def test_near_duplicates_beside_what_was_kept_for_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gaokerena = CommandLine(capsys, monkeypatch)
    workspace = Workspace(tmp_path / "workspace")
    advice = answer(7)
    twins = [
        pair("niniban", question(7), f"{advice} موفق باشید <b>دوست</b> عزیز."),
        pair("niniban", question(7), f"{advice} تندرست باشید <b>دوست</b> عزیز."),
    ]
    write_records(workspace, twins)
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    done = gaokerena("clusters", "mf3qa", "--workspace", workspace.root)
    assert done.code == 0, done.err
    assert "1 of 1 clusters" in done.out
    assert "[-موفق-] {+تندرست+}" in done.out or "[-تندرست-] {+موفق+}" in done.out
    page = tmp_path / "clusters.html"
    assert gaokerena("clusters", "mf3qa", "--html", page, "--workspace", workspace.root).code == 0
    html = page.read_text("utf-8")
    assert html.count("<del>") == html.count("<ins>") == 2  # one explains the mark
    assert "<b>" not in html
    assert all(record.id in html for record in twins)
    write_records(workspace, clean_records())
    curate(workspace, "mf3qa", lambda *_: None, workers=1)
    done = gaokerena("clusters", "mf3qa", "--workspace", workspace.root)
    assert done.code == 1
    assert "no record was left out for one that is nearly the same" in done.err
