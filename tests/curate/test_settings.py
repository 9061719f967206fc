from pathlib import Path
from typing import Any

import pytest

from gaokerena_data.curate.settings import load_settings
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.datasets.registry import find_dataset
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace


def settings_of(root: Path) -> dict[str, Any]:
    """What the rules of MF3QA read in a workspace."""
    room = Workspace(root)
    return load_settings(room, find_dataset(room, "mf3qa")).model_dump()


def test_a_workspace_needs_no_file_of_its_own(tmp_path: Path) -> None:
    assert settings_of(tmp_path)["min_answer_words"] == 4


def test_a_workspace_s_file_holds_only_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "gaokerena.toml"
    file.write_text("[mf3qa]\nmin_answer_words = 30\n[mf3qa.split]\nseed = 7\n")
    settings = settings_of(tmp_path)
    assert settings["min_answer_words"] == 30
    assert settings["split"]["seed"] == 7
    assert settings["split"]["dev_share"] == settings_of(tmp_path / "none")["split"]["dev_share"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[mf3qa]\nmin_anser_words = 3\n", r"mf3qa\.min_anser_words"),
        ("[mf3qa]\nmin_persian_share = 50\n", r"mf3qa\.min_persian_share"),
        ('[mf3qa]\nsources = ["webmd"]\n', "webmd"),
        ("[mf3qa.quality.most]\nlenght = 3.0\n", "no signal is called 'lenght'"),
        # Whichever dataset is asked for.
        ("[medical_corpus.pages]\nnews_word = 3\n", r"medical_corpus\.pages\.news_word"),
        ("[mf3qb]\nmin_answer_words = 3\n", "mf3qb: no dataset is called so"),
        ("mf3qa = 3\n", "mf3qa"),
        ("[mf3qa\n", "not TOML"),
    ],
)
def test_a_mistake_is_named_by_its_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "gaokerena.toml"
    file.write_text(text)
    with pytest.raises(GaokerenaError, match=message) as caught:
        settings_of(tmp_path)
    assert "\n" not in str(caught.value)


def test_an_unknown_dataset_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match="mf3qa, medical_corpus"):
        find_dataset(Workspace(tmp_path), "mf3")


def test_a_workspace_may_take_a_rule_out_of_a_packaged_dataset(tmp_path: Path) -> None:
    steps = [step for step in MF3QA.steps if step != "visible_fault@1"]
    (tmp_path / "gaokerena.toml").write_text(f"[mf3qa]\nsteps = {steps}\n")
    assert list(find_dataset(Workspace(tmp_path), "mf3qa").steps) == steps
    assert "drop_faults" not in settings_of(tmp_path)
    (tmp_path / "gaokerena.toml").write_text('[mf3qa]\nsteps = "split@1"\n')
    with pytest.raises(GaokerenaError, match=r"mf3qa\.steps: give the ledger names"):
        settings_of(tmp_path)


def test_sources_and_repository_of_gaokerena_toml_are_those_of_the_declaration(
    tmp_path: Path,
) -> None:
    (tmp_path / "gaokerena.toml").write_text(
        '[mf3qa]\nsources = ["drhast"]\nrepository = "ours/mf3qa"\n'
    )
    found = find_dataset(Workspace(tmp_path), "mf3qa")
    assert (found.sources, found.repository) == (("drhast",), "ours/mf3qa")
    assert found.steps == MF3QA.steps
    # Another workspace has not said so.
    assert find_dataset(Workspace(tmp_path / "other"), "mf3qa") == MF3QA
