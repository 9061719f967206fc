"""What is kept of hazm is what hazm says, and a file that is not whole is made again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hazm import Lemmatizer, WordTokenizer, constants, stopwords_list

from gaokerena_data.text.normalization.hazm_tables import hazm_tables
from tests.conftest import ROOT

TELL = """
import sys
from gaokerena_data.text.normalization.hazm_tables import tables_file
from gaokerena_data.text.normalizer import normalize
print(normalize("كتاب ها را میخورم 2.5mg"), "hazm" in sys.modules, tables_file())
"""
ANSWER = "کتاب‌ها را می‌خورم 2.5mg"


def tell(cache: Path) -> tuple[str, str, Path]:
    """What a new process makes of a text, whether it asked hazm, and where it keeps the tables."""
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(cache),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    text, asked, file = done.stdout.strip().rsplit(" ", 2)
    return text, asked, Path(file)


@pytest.mark.skipif(sys.platform != "linux", reason="only there XDG_CACHE_HOME names the caches")
@pytest.mark.thorough
def test_hazm_is_asked_once(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    text, asked, file = tell(cache)
    assert (text, asked) == (ANSWER, "True")
    assert file.is_relative_to(cache)
    assert tell(cache) == (ANSWER, "False", file)


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only there XDG_CACHE_HOME names the caches")
def test_hazm_is_asked_again_where_the_file_is_not_whole(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    _, _, file = tell(cache)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert tell(cache) == (ANSWER, "True", file)
    assert file.read_bytes() == whole
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only there XDG_CACHE_HOME names the caches")
def test_where_nothing_can_be_written_hazm_is_asked_each_time(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file, no folder")
    assert tell(cache)[:2] == (ANSWER, "True")


def test_the_tables_are_those_of_hazm() -> None:
    kept, vocabulary = hazm_tables()
    assert kept == {name: json.loads(json.dumps(getattr(constants, name))) for name in kept}
    tokenizer = WordTokenizer()
    assert vocabulary.words == tokenizer.words.keys()
    assert vocabulary.verbs == Lemmatizer(joined_verb_parts=False).verbs.keys()
    assert vocabulary.suffixes == constants.SUFFIXES
    assert vocabulary.stopwords == set(stopwords_list())
    parts = (vocabulary.before_verbs, vocabulary.after_verbs, vocabulary.participles)
    assert parts == (tokenizer.before_verbs, tokenizer.after_verbs, tokenizer.verbe)
