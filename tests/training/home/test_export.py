import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from typer.testing import CliRunner

from gaokerena_data.cli import app
from gaokerena_data.errors import GaokerenaError
from tests.training.home.models import TEXTS, write_tiny
from training.evaluation.systems.gguf_model import GgufModel
from training.home.export import export
from training.models.decoding import Decoding
from training.models.encoding import Encoder

QUICK = ("cohere", "llama")
KINDS = [
    pytest.param(kind, marks=[] if kind in QUICK else pytest.mark.thorough)
    for kind in ("cohere", "llama", "cohere2", "qwen2")
]
TURN = [{"role": "user", "content": TEXTS[5]}]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def exported(room: Path, kind: str, quantization: str = "f32") -> tuple[Path, Path]:
    """A tiny model of a kind, and its GGUF file."""
    folder = room / kind
    if not folder.is_dir():
        write_tiny(kind, folder)
    file = room / f"{kind}-gguf" / f"{kind}-{quantization.upper()}.gguf"
    if not file.is_file():
        export(str(folder), [quantization], file.parent)
    return folder, file


@pytest.mark.parametrize("kind", KINDS)
def test_llama_cpp_reads_the_same_tokens_and_writes_the_same(room: Path, kind: str) -> None:
    folder, file = exported(room, kind)
    model: Any = AutoModelForCausalLM.from_pretrained(folder).eval()
    encoder = Encoder(AutoTokenizer.from_pretrained(folder))
    home = GgufModel(str(file), exact=True)
    for text in TEXTS:
        assert home.encoder.plain(text) == encoder.texts([text])[0][0], text
        turn = [{"role": "user", "content": text}]
        asked = encoder.conversation(turn, ask=True).ids
        assert home.encoder.conversation(turn, ask=True).ids == asked, text
    # A prompt longer than the sliding window, so that it counts.
    ids = encoder.conversation(TURN, ask=True).ids
    assert len(ids) > 24
    with torch.inference_mode():
        said = model.generate(torch.tensor([ids]), max_new_tokens=20, do_sample=False)
        after = torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)
    new = said[0, len(ids) :].tolist()
    wanted = str(AutoTokenizer.from_pretrained(folder).decode(new, skip_special_tokens=True))
    (answer,) = home.generate([TEXTS[5]], Decoding(max_new_tokens=20))
    assert answer.text == wanted.strip()
    # The same function, and not only the same favourite.
    for token in (new[0], 40, 700):
        found = home.model.log_probability(ids, token)
        assert found == pytest.approx(float(after[-1, token]), abs=2e-3)


def test_the_same_model_gives_the_same_bytes(room: Path, tmp_path: Path) -> None:
    folder, file = exported(room, "cohere")
    export(str(folder), ["f32"], tmp_path)
    assert sha256(tmp_path / file.name) == sha256(file)
    stated = json.loads((tmp_path / "export.json").read_text())
    assert stated["files"][0]["sha256"] == sha256(file)
    assert stated["files"][0]["bytes"] == file.stat().st_size


@pytest.mark.parametrize("quantization", ["q8_0", "q4_k_m"])
def test_fewer_bits_are_smaller_and_stay_near(room: Path, quantization: str) -> None:
    _, whole = exported(room, "cohere")
    _, small = exported(room, "cohere", quantization)
    assert small.stat().st_size < 0.5 * whole.stat().st_size
    likely = [
        GgufModel(str(file)).score_choices([TEXTS[1]], ["الف", "ب", "ج"])[0]
        for file in (whole, small)
    ]
    assert likely[0] == pytest.approx(likely[1], abs=6)
    assert likely[0] != likely[1]


def test_tied_weights_stand_once_and_the_template_is_inside(room: Path) -> None:
    import gguf

    folder, file = exported(room, "cohere")
    reader = gguf.GGUFReader(file)
    names = [tensor.name for tensor in reader.tensors]
    assert names.count("token_embd.weight") == 1
    assert "output.weight" not in names
    template = AutoTokenizer.from_pretrained(folder).chat_template
    assert reader.fields["tokenizer.chat_template"].contents() == template
    assert reader.fields["tokenizer.ggml.pre"].contents() == "command-r"


def test_sizes_are_told_before_anything_is_written_and_room_is_needed(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = exported(room, "cohere")
    told: list[str] = []
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000))
    with pytest.raises(GaokerenaError, match=r"are to be written and 0\.00 MB are free"):
        export(str(folder), ["q8_0"], tmp_path / "out", say=told.append)
    assert "on disk" in told[0]
    assert not list((tmp_path / "out").iterdir())


def test_what_llama_cpp_cannot_be_given_is_told_in_a_line(room: Path, tmp_path: Path) -> None:
    folder, _ = exported(room, "cohere")
    with pytest.raises(GaokerenaError, match="--quantize q3_x: there is no such type"):
        export(str(folder), ["q3_x"], tmp_path)
    with pytest.raises(GaokerenaError, match="neither a folder nor a repository"):
        export(str(tmp_path / "nothing"), ["q8_0"], tmp_path)
    config = json.loads((folder / "config.json").read_text())
    other = tmp_path / "other"
    other.mkdir()
    changed = config | {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}
    (other / "config.json").write_text(json.dumps(changed))
    with pytest.raises(GaokerenaError, match="is a gpt2: only cohere"):
        export(str(other), ["q8_0"], tmp_path / "out")


def test_the_command_writes_a_modelfile_and_keeps_other_models_apart(
    room: Path, tmp_path: Path
) -> None:
    folder, _ = exported(room, "cohere")
    command = ["train", "export", str(folder), "--to", "gguf", "--folder", str(tmp_path)]
    done = CliRunner().invoke(app, [*command, "--quantize", "q8_0", "--quantize", "q4_0"])
    assert done.exit_code == 0, done.output
    modelfile = (tmp_path / "Modelfile").read_text("utf-8")
    assert "FROM ./cohere-Q8_0.gguf" in modelfile
    assert 'PARAMETER stop "<|END_OF_TURN_TOKEN|>"' in modelfile
    assert "<|USER_TOKEN|>{{ .Content }}<|END_OF_TURN_TOKEN|>" in modelfile
    assert "This model is no physician" in modelfile
    assert (tmp_path / "cohere-Q4_0.gguf").is_file()
    other, _ = exported(room, "llama")
    done = CliRunner().invoke(app, ["train", "export", str(other), "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "holds files of another model" in str(done.exception)


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
