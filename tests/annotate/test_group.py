"""The group `gaokerena annotate`: a dataset's name may stand in a command's place."""

import pytest

from tests.command_line import CommandLine


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("annotate", "--help"), 0, "label"),
        (("annotate", "mf3qa", "--help"), 0, "--price-in"),
        (("annotate", "label", "--help"), 0, "--price-in"),
        (("annotate", "mf3qa"), 2, "--model"),
        (("annotate", "--sample", 3, "mf3qa"), 2, "--model"),
        (("annotate", "--nonsense"), 2, "--nonsense"),
    ],
)
def test_a_dataset_is_short_for_its_labelling(
    words: tuple[object, ...],
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = CommandLine(capsys, monkeypatch)(*words)
    assert done.code == code
    assert told in done.out + done.err
