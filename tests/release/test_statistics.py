import json
from pathlib import Path

import pyarrow as pa
import pytest

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.release.statistics import make_statistics
from gaokerena_data.release.tokens import find_tokenizer
from tests.release.letters import LETTERS


def test_every_split_and_source_is_counted_by_hand() -> None:
    rows = [
        ("niniban", "u1", "تب کودک چیست؟", "آب بنوشد.", "2023-05-01T10:00:00Z"),
        ("niniban", "u1", "تب کودک چیست؟", "به پزشک بروید", "2024-01-31"),
        ("niniban", None, "سردرد دارم", "ABC بگیرید", None),
        ("drhast", None, "سردرد دارم", None, None),
    ]
    names = ("Source", "url", "Question", "Answer", "fetched_at")
    table = pa.table({name: [row[n] for row in rows] for n, name in enumerate(names)})
    told: list[tuple[str, int, int]] = []
    made = make_statistics({"default": {"train": table}}, LETTERS, lambda *step: told.append(step))
    assert told == [("statistics", 4, 4)]
    assert made["tokenizer"] == {"name": "letters", "sha256": None}
    facts = made["configs"]["default"]["train"]
    assert list(facts) == ["all", "drhast", "niniban"]
    assert facts["all"]["rows"] == 4
    assert facts["niniban"]["questions"] == 2
    assert facts["niniban"]["answers_a_question"] == {"mean": 1.5, "max": 2, "with_several": 1}
    assert facts["niniban"]["dates"] == {
        "fetched_at": {"rows": 2, "first": "2023-05-01", "last": "2024-01-31"}
    }
    answers = facts["niniban"]["texts"]["Answer"]
    assert answers["rows"] == 3
    assert answers["words"]["sum"] == 3 + 3 + 2
    assert answers["characters"]["sum"] == sum(
        map(len, ("آب بنوشد.", "به پزشک بروید", "ABC بگیرید"))
    )
    assert answers["tokens"]["sum"] == answers["characters"]["sum"]
    assert answers["words"]["percentiles"] == [2, 2, 2, 3, 3, 3, 3]
    assert answers["words"]["histogram"] == [0, 3]
    persian = len("آببنوشد") + len("بهپزشکبروید") + len("بگیرید")
    assert answers["persian_share"] == round(persian / (persian + 3), 4)
    assert facts["drhast"]["texts"]["Answer"] == {
        "rows": 0,
        "words": {"sum": 0},
        "tokens": {"sum": 0},
        "characters": {"sum": 0},
        "persian_share": None,
    }
    json.dumps(made, allow_nan=False)


def test_the_default_tokenizer_needs_no_network_and_counts_whole_words() -> None:
    tokenizer = find_tokenizer("o200k_base")
    assert tokenizer.count(["hello world", "", "سلام دنیا", "<|endoftext|>"])[:3] == [2, 0, 2]
    assert tokenizer.name == "o200k_base"


def test_a_tokenizer_of_a_file_is_named_with_its_hash(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({"تب": 0, "دارم": 1, "?": 2}, unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    file = tmp_path / "tokenizer.json"
    made.save(str(file))
    tokenizer = find_tokenizer(str(file))
    assert tokenizer.count(["تب دارم", "تب بسیار شدید دارم"]) == [2, 4]
    assert (tokenizer.name, len(tokenizer.sha256 or "")) == ("tokenizer.json", 64)
    file.write_text("{}", "utf-8")
    with pytest.raises(GaokerenaError, match="no tokenizer"):
        find_tokenizer(str(file))
