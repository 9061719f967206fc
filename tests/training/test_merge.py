import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import (
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoTokenizer,
    AyaVisionForConditionalGeneration,
)

from gaokerena_data.errors import GaokerenaError
from tests.training.tiny_models import SPECIAL_TOKENS, build_tokenizer, write_base, write_run
from tests.training.tiny_models import write_vision as make_vision
from training.models.adapters import open_adapter
from training.models.merge import merge
from training.models.parity import logits_of

TEXTS = (
    "سردرد شما با توجه به شرح حال، بیشتر به سردرد تنشی شبیه است.",
    "سلام خسته نباشید، دخترم دو سالشه و از دیشب تب داره چیکار کنم؟",
    "برای ضدعفونی زخم سطحی، شست‌وشو با آب و صابون کافی است.",
    "metformin 500 mg روزی دو بار همراه غذا، و آزمایش HbA1c هر سه ماه",
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, a pretrain run on it, and an instruct run on the two."""
    folder = tmp_path_factory.mktemp("models")
    base = write_base(folder / "base")
    model = AutoModelForCausalLM.from_pretrained(base)
    model = write_run(folder / "pretrain", model, "pretrain", base)
    first = open_adapter(folder / "pretrain")
    parent = {"path": "pretrain", "sha256": first.digest}
    write_run(folder / "instruct", model, "instruct", base, parent=parent, rank=2, alpha=2)
    return folder


@pytest.fixture(scope="module")
def vision(room: Path) -> Path:
    return make_vision(room / "vision")


def ids(folder: Path) -> list[torch.Tensor]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return [tokenizer(text, return_tensors="pt")["input_ids"] for text in TEXTS]


def difference(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).abs().max())


def as_trained(model: Any, room: Path) -> Any:
    """The model as training left it: one adapter merged, the other on top."""
    model = PeftModel.from_pretrained(model, str(room / "pretrain" / "adapter"))
    return PeftModel.from_pretrained(model.merge_and_unload(), str(room / "instruct" / "adapter"))


def test_the_merged_model_says_what_base_and_adapters_say(room: Path, tmp_path: Path) -> None:
    merged = merge([room / "pretrain", room / "instruct"], tmp_path / "merged")
    inputs = ids(merged.folder)
    base = AutoModelForCausalLM.from_pretrained(room / "base")
    plain = logits_of(base, inputs)
    expected = logits_of(as_trained(base, room), inputs)
    found = logits_of(AutoModelForCausalLM.from_pretrained(merged.folder), inputs)
    assert difference(expected, plain) > 0.01
    assert difference(expected, found) < 1e-5
    assert merged.parity.same_top_token == 1

    record = json.loads((merged.folder / "merge.json").read_text("utf-8"))
    assert record == merged.provenance
    assert [each["stage"] for each in record["adapters"]] == ["pretrain", "instruct"]
    assert [each["rank"] for each in record["adapters"]] == [8, 2]
    assert 0 <= record["parity"]["relative"] < record["parity"]["tolerance"]
    assert record["moved"]["relative"] > 0.01
    for each in record["adapters"]:
        assert json.loads((merged.folder / each["run"] / "run.json").read_text("utf-8"))


def test_one_adapter_on_the_base_says_the_same_as_both(room: Path, tmp_path: Path) -> None:
    merged = merge([room / "pretrain", room / "instruct"], tmp_path / "merged")
    assert merged.adapter is not None
    config = json.loads((merged.adapter / "adapter_config.json").read_text("utf-8"))
    assert config["r"] == 10
    base = AutoModelForCausalLM.from_pretrained(room / "base")
    one = PeftModel.from_pretrained(base, str(merged.adapter))
    inputs = ids(merged.adapter)
    found = logits_of(AutoModelForCausalLM.from_pretrained(merged.folder), inputs)
    assert difference(logits_of(one, inputs), found) < 1e-5
    assert merged.provenance["one_adapter"]["relative"] < 1e-5


def test_a_single_adapter_stays_as_it_is(room: Path, tmp_path: Path) -> None:
    single = merge([room / "pretrain"], tmp_path / "one")
    assert single.adapter is not None
    source = room / "pretrain" / "adapter" / "adapter_model.safetensors"
    assert (single.adapter / source.name).read_bytes() == source.read_bytes()
    assert single.provenance["one_adapter"] is None


def test_the_same_merge_writes_the_same_bytes(room: Path, tmp_path: Path) -> None:
    runs = [room / "pretrain", room / "instruct"]
    first, second = merge(runs, tmp_path / "a").folder, merge(runs, tmp_path / "b").folder
    again = merge(runs, tmp_path / "a").folder
    for folder in (second, again):
        names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        assert names == {p.relative_to(first) for p in first.rglob("*") if p.is_file()}
        assert all((first / name).read_bytes() == (folder / name).read_bytes() for name in names)


def test_tokenizer_and_template_come_along(room: Path, tmp_path: Path) -> None:
    merged = merge([room / "pretrain"], tmp_path / "merged")
    tokenizer = AutoTokenizer.from_pretrained(merged.folder)
    turn = [{"role": "user", "content": "سلام"}]
    text = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
    assert text == build_tokenizer().apply_chat_template(
        turn, tokenize=False, add_generation_prompt=True
    )
    model = AutoModelForCausalLM.from_pretrained(merged.folder)
    assert model.generation_config.eos_token_id == tokenizer.eos_token_id


def test_half_precision_has_its_own_tolerance(room: Path, tmp_path: Path) -> None:
    merged = merge([room / "pretrain", room / "instruct"], tmp_path / "m", dtype="bfloat16")
    assert merged.provenance["dtype"] == "bfloat16"
    assert 1e-5 < merged.parity.relative < 5e-2
    assert AutoModelForCausalLM.from_pretrained(merged.folder).dtype == torch.bfloat16


def test_a_difference_beyond_the_tolerance_writes_nothing(room: Path, tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match=r"logits differ .* merge with --dtype float32"):
        merge([room / "pretrain"], tmp_path / "m", dtype="bfloat16", tolerance=1e-6)
    assert not list(tmp_path.iterdir())


def test_the_wrong_order_is_refused(room: Path, tmp_path: Path) -> None:
    to = tmp_path / "merged"
    with pytest.raises(GaokerenaError, match="with pretrain merged into it, which is not given"):
        merge([room / "instruct"], to)
    with pytest.raises(GaokerenaError, match="name that adapter before it"):
        merge([room / "instruct", room / "pretrain"], to)
    with pytest.raises(GaokerenaError, match="given twice"):
        merge([room / "pretrain", room / "pretrain"], to)
    other = AutoModelForCausalLM.from_pretrained(room / "base")
    write_run(tmp_path / "alone", other, "instruct", room / "base", rank=3)
    with pytest.raises(GaokerenaError, match="was trained on the base alone"):
        merge([room / "pretrain", tmp_path / "alone"], to)
    write_run(
        tmp_path / "elsewhere",
        AutoModelForCausalLM.from_pretrained(room / "base"),
        "instruct",
        write_base(tmp_path / "other", seed=3),
        rank=3,
    )
    with pytest.raises(GaokerenaError, match="only adapters of one base"):
        merge([room / "pretrain", tmp_path / "elsewhere"], to)
    assert not to.exists()


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda folder: (folder / "adapter_model.safetensors").unlink(), "not whole"),
        (lambda folder: (folder / "adapter_config.json").write_text("{"), "read as JSON"),
        (lambda folder: (folder / "adapter_config.json").write_text("[]"), "no object"),
        (
            lambda folder: (folder / "adapter_config.json").write_text('{"peft_type": "IA3"}'),
            "only LoRA",
        ),
        (lambda folder: (folder / "adapter_config.json").unlink(), "holds no adapter"),
    ],
)
def test_a_broken_adapter_is_told_in_one_line(
    break_it: Any, told: str, room: Path, tmp_path: Path
) -> None:
    model = AutoModelForCausalLM.from_pretrained(room / "base")
    write_run(tmp_path / "run", model, "pretrain", room / "base")
    break_it(tmp_path / "run" / "adapter")
    with pytest.raises(GaokerenaError, match=told) as caught:
        merge([tmp_path / "run"], tmp_path / "merged")
    assert "\n" not in str(caught.value)


def test_a_base_of_another_size_is_refused(room: Path, tmp_path: Path) -> None:
    from transformers import CohereConfig, CohereForCausalLM

    config = CohereConfig.from_pretrained(room / "base")
    config.hidden_size, config.vocab_size = 96, 2000
    CohereForCausalLM(config).save_pretrained(tmp_path / "other")
    with pytest.raises(GaokerenaError, match="does not fit its base") as caught:
        merge([room / "pretrain"], tmp_path / "merged", base=str(tmp_path / "other"))
    assert "\n" not in str(caught.value)
    config.hidden_size, config.vocab_size = 64, 100
    CohereForCausalLM(config).save_pretrained(tmp_path / "few")
    with pytest.raises(GaokerenaError, match="not the base of these adapters"):
        merge([room / "pretrain"], tmp_path / "merged", base=str(tmp_path / "few"))
    with pytest.raises(GaokerenaError, match="cannot be loaded"):
        merge([room / "pretrain"], tmp_path / "merged", base=str(tmp_path / "nowhere"))


def test_a_base_that_was_changed_since_is_refused(room: Path, tmp_path: Path) -> None:
    shutil.copytree(room / "base", tmp_path / "base")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "base")
    write_run(tmp_path / "run", model, "pretrain", tmp_path / "base")
    write_base(tmp_path / "base", seed=2)
    with pytest.raises(GaokerenaError, match=r"was changed since .* was trained on it"):
        merge([tmp_path / "run"], tmp_path / "merged")


def test_an_adapter_whose_tensors_find_no_layer_is_refused(room: Path, tmp_path: Path) -> None:
    from transformers import CohereConfig, CohereForCausalLM

    for layers in (1, 3):
        config = CohereConfig.from_pretrained(room / "base")
        config.num_hidden_layers = layers
        CohereForCausalLM(config).save_pretrained(tmp_path / str(layers))
        with pytest.raises(GaokerenaError, match="14 tensors have no counterpart"):
            merge([room / "pretrain"], tmp_path / "merged", base=str(tmp_path / str(layers)))


def test_a_folder_of_something_else_is_not_replaced(room: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("ten years")
    with pytest.raises(GaokerenaError, match="not a merged model"):
        merge([room / "pretrain"], tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "ten years"


def test_an_adapter_of_another_kind_of_lora_is_merged_without_a_single_one(
    room: Path, tmp_path: Path
) -> None:
    model = AutoModelForCausalLM.from_pretrained(room / "base")
    write_run(tmp_path / "dora", model, "pretrain", room / "base", use_dora=True)
    parent = {"path": "dora", "sha256": open_adapter(tmp_path / "dora").digest}
    write_run(
        tmp_path / "instruct", model, "instruct", room / "base", parent=parent, rank=2, alpha=2
    )
    merged = merge([tmp_path / "dora", tmp_path / "instruct"], tmp_path / "merged")
    assert merged.adapter is None
    assert merged.parity.relative < 1e-4


def test_a_vision_model_gets_the_update_in_its_language_tower_only(
    room: Path, vision: Path, tmp_path: Path
) -> None:
    runs = [room / "pretrain", room / "instruct"]
    merged = merge(runs, tmp_path / "merged", into=str(vision))
    before = AutoModelForImageTextToText.from_pretrained(vision)
    after = AutoModelForImageTextToText.from_pretrained(merged.folder)
    assert isinstance(after, AyaVisionForConditionalGeneration)
    weights = dict(after.named_parameters())
    base = dict(AutoModelForCausalLM.from_pretrained(room / "base").named_parameters())
    text = merge(runs, tmp_path / "text").folder
    updated = dict(AutoModelForCausalLM.from_pretrained(text).named_parameters())
    moved = 0
    for name, value in before.named_parameters():
        inner = name.replace("model.language_model.", "model.")
        if inner in base and "language_model" in name:
            update = updated[inner] - base[inner]
            assert torch.allclose(weights[name] - value, update, atol=1e-6), name
            moved += bool(update.abs().max() > 0)
        else:
            assert torch.equal(weights[name], value), name
    assert moved == 2 * 7

    torch.manual_seed(3)
    place = after.config.image_token_id
    seen = {
        "input_ids": torch.tensor([[2, place, place, place, place, 40, 41]]),
        "pixel_values": torch.randn(1, 3, 16, 16),
    }
    with torch.inference_mode():
        assert difference(after(**seen).logits, before(**seen).logits) > 1e-3
    tower = merged.provenance["tower"]
    assert tower["configuration"]["model_type"] == ["cohere", "cohere2"]
    assert merged.provenance["into"] == str(vision)
    assert merged.adapter is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hidden_size": 96}, r"embed_tokens.weight is \d+ x 64 in .* and \d+ x 96"),
        ({"num_hidden_layers": 1}, r"layers.1.self_attn.q_proj.weight is 64 x 64 in .* and absent"),
        ({"num_hidden_layers": 3}, r"layers.2.self_attn.q_proj.weight is absent in .* and 64 x 64"),
        ({"intermediate_size": 96}, r"layers.0.mlp.gate_proj.weight is 128 x 64 in .* and 96 x 64"),
        ({"num_attention_heads": 8, "num_key_value_heads": 4}, r"num_attention_heads is 4"),
    ],
)
def test_a_tower_of_another_shape_is_refused_by_its_first_difference(
    changes: dict[str, Any], told: str, room: Path, tmp_path: Path
) -> None:
    other = make_vision(tmp_path / "vision", **changes)
    with pytest.raises(GaokerenaError, match=told) as caught:
        merge([room / "pretrain"], tmp_path / "merged", into=str(other))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "merged").exists()


def test_a_tower_with_other_tokens_is_refused(room: Path, tmp_path: Path) -> None:
    user, model = map(SPECIAL_TOKENS.index, ("<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>"))
    swapped = list(SPECIAL_TOKENS)
    swapped[user], swapped[model] = swapped[model], swapped[user]
    other = make_vision(tmp_path / "vision", swapped)
    with pytest.raises(GaokerenaError, match=r"'<\|USER_TOKEN\|>' is number 10 in the base and 11"):
        merge([room / "pretrain"], tmp_path / "merged", into=str(other))


def test_a_text_model_is_no_vision_model(room: Path, tmp_path: Path) -> None:
    with pytest.raises(GaokerenaError, match=r"cannot be loaded|no language tower"):
        merge([room / "pretrain"], tmp_path / "merged", into=str(room / "base"))
