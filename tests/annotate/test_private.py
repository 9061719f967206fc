"""Nothing that tells who a patient is reaches a teacher: from records, through a curation."""

from pathlib import Path

import pytest

from gaokerena_data.takedowns.requests import add_takedown
from gaokerena_data.workspace import Workspace
from tests.annotate.curated import LABEL
from tests.command_line import CommandLine
from tests.openai_server import chat_server, completion
from tests.pairs import answer, pair, question, write_records

# (question, answer, what no teacher may read of them)
PLANTED = [
    (
        "سلام، من ۰۹۱۲۳۴۵۶۷۸۹ را جواب می‌دهم، سه روز است تب دارم",
        f"{answer(30)} با ۰۲۱۸۸۷۷۶۶۵۵ تماس بگیرید.",
        ("۰۹۱۲۳۴۵۶۷۸۹", "۰۲۱۸۸۷۷۶۶۵۵"),
    ),
    (
        "کد ملی من 0499370899 است، برای نسخه کافی است؟",
        "بله، با کد ملی می‌توانید نسخه را بگیرید.",
        ("0499370899",),
    ),
    ("ایمیلم sara.k@example.ir است، رژیم بفرستید", "رژیم را اینجا می‌نویسم.", ("sara.k",)),
]


def test_no_personal_data_reaches_a_teacher(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path)
    asked_to_go = pair("drhast", question(50), answer(50))
    records = [pair("niniban", question(n), answer(n)) for n in range(12)]
    records += [pair("niniban", asked, said) for asked, said, _ in PLANTED]
    write_records(workspace, [*records, asked_to_go])
    gaokerena = CommandLine(capsys, monkeypatch)
    monkeypatch.setenv("GAOKERENA_WORKSPACE", str(tmp_path))
    assert gaokerena("curate", "mf3qa", "--workers", 1).code == 0
    add_takedown(workspace, asked_to_go.id, "its author asked")
    with chat_server(lambda _: completion(LABEL)) as server:
        done = gaokerena(
            "annotate", "mf3qa", "--model", "m", "--endpoint", server.url, "--sample", 100, "--yes"
        )
    assert done.code == 0, done.err
    sent = "\n".join(server.prompts)
    assert len(server.prompts) >= 12 + 2
    assert "[تلفن]" in sent
    for _, _, secrets in PLANTED:
        assert not [secret for secret in secrets if secret in sent]
    assert "پرسش شماره ۳ شما" in sent
    assert "پرسش شماره ۵۰ شما" not in sent
    assert "پرسش شماره 50 شما" not in sent
