"""From a base model to a published one: trained, merged, published, fetched again, asked."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCard, ModelCardData
from markdown_it import MarkdownIt

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import Workspace
from tests.hub.forks import Done, Forks
from tests.hub_server.server import HubServer
from tests.training.conftest import MakeRecipe
from training.chat import DISCLAIMER
from training.models.merge import merge
from training.publishing.model_card import fenced, render_card
from training.publishing.publication import open_publication, stage, without_paths
from training.train import train

BASE = "org/tiny-aya"
COMMAND = "from gaokerena_data.cli import main; main()"
MODULES = (
    "datasets", "gaokerena_data.cli", "huggingface_hub.hf_api", "peft", "training.chat",
    "training.publishing.publish", "transformers.models.cohere.modeling_cohere",
    "transformers.models.auto.modeling_auto", "transformers.models.auto.tokenization_auto",
    "transformers.tokenization_utils_tokenizers",
)  # fmt: skip
HOSTILE = "x</td><script>alert(1)</script> | [y](javascript:z) {{ 7 * 7 }} `q`\n# boo\n```\n---"


# A person at a terminal: asks, reads, and leaves with Ctrl-C.
SESSION = """
import os, pty, select, signal, sys
signal.alarm(300)
pid, terminal = pty.fork()
if pid == 0:
    sys.argv += ["--max-new-tokens", "4"]
    from gaokerena_data.cli import main
    main()
    sys.exit(0)
rest = b""
def read_until(wanted, nudge=b""):
    # What comes behind it in the same piece is kept: the next prompt may be there already.
    global rest
    while wanted.encode() not in rest:
        # Ctrl-C just between a prompt and the waiting for a line is heeded by Python with the
        # next key only. A person presses it again.
        if nudge and not select.select([terminal], [], [], 10)[0]:
            os.write(terminal, nudge)
            continue
        rest += os.read(terminal, 4096)
    seen, found, rest = rest.partition(wanted.encode())
    print((seen + found).decode(), flush=True)
read_until("شما: ")
os.write(terminal, "سرفه دارم\\n".encode())
read_until("مدل: ")
read_until("شما: ")
os.write(terminal, b"\\x03")
read_until("\\x1b[?2501l", nudge=b"\\x03")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@dataclass(frozen=True)
class Trained:
    """A base, its two runs, and what they were merged to."""

    base: Path
    pretrain: Path
    instruct: Path
    merged: Path
    adapter: Path


@pytest.fixture(scope="module")
def forks(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Processes that know the Hub, and transformers."""
    folder = tmp_path_factory.mktemp("forks")
    server = Forks({**hub.env(folder / "home"), "OMP_NUM_THREADS": "1"}, folder, MODULES)
    yield server
    server.stop()


@pytest.fixture
def gaokerena(forks: Forks) -> Callable[..., Done]:
    return lambda *arguments: forks.run(COMMAND, "train", *map(str, arguments))


@pytest.fixture(scope="module")
def trained(
    tiny_cohere: Path, make_recipe: MakeRecipe, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    workspace = Workspace(folder / "workspace")
    first = train(make_recipe("pretrain", "max_steps=2"), workspace).path
    second = train(make_recipe("instruct", "max_steps=2"), workspace).path
    merged = merge([first, second], folder / "merged")
    assert merged.adapter is not None
    return Trained(tiny_cohere, first, second, merged.folder, merged.adapter)


@pytest.fixture(scope="module")
def published(trained: Trained, forks: Forks, hub: HubServer) -> dict[str, str]:
    """Repositories of the model and of its adapter, by kind."""
    code = (
        "import sys; from huggingface_hub import HfApi; api = HfApi()\n"
        f"api.create_repo('{BASE}'); api.upload_folder(repo_id='{BASE}', folder_path=sys.argv[1])"
    )
    assert forks.run(code, str(trained.base)).returncode == 0
    repositories = {"model": "org/gaokerena-tiny", "adapter": "org/gaokerena-tiny-lora"}
    for kind, folder in (("model", trained.merged), ("adapter", trained.adapter)):
        done = forks.run(
            COMMAND, "train", "publish", str(folder), "--to", repositories[kind],
            "--base", BASE, "--license", "cc-by-nc-4.0",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f"published {repositories[kind].partition('/')[2]} 1.0.0" in done.stdout
    return repositories


def front_matter(card: str) -> dict[str, Any]:
    metadata = yaml.safe_load(card.split("---\n")[1])
    assert isinstance(metadata, dict)
    return metadata


def snippet(card: str) -> str:
    found = re.search(r"```python\n(.*?)```", card, re.DOTALL)
    assert found
    return found[1].replace("max_new_tokens=512", "max_new_tokens=8")


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["model", "adapter"])
def test_the_card_s_snippet_loads_what_was_published_and_generates(
    kind: str, published: dict[str, str], forks: Forks, hub: HubServer
) -> None:
    card = hub.repository(published[kind], "models").files("v1.0.0")["README.md"].decode()
    told = forks.run(snippet(card) + "print('tokens:', answer.shape[1])", "")
    assert told.returncode == 0, told.stderr[-2000:]
    assert int(told.stdout.rpartition("tokens:")[2]) > 8


def test_model_and_adapter_from_the_hub_say_the_same(
    published: dict[str, str], trained: Trained, forks: Forks
) -> None:
    code = f"""
import torch
from peft import AutoPeftModelForCausalLM, PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("{published["model"]}", revision="v1.0.0")
ids = tokenizer("داروی فشار خون را چه ساعتی بخورم؟", return_tensors="pt")["input_ids"]
model = AutoModelForCausalLM.from_pretrained("{published["model"]}", revision="v1.0.0")
auto = AutoPeftModelForCausalLM.from_pretrained("{published["adapter"]}")
base = AutoModelForCausalLM.from_pretrained("{BASE}")
with torch.no_grad():
    plain = base(ids).logits
    whole, one = model(ids).logits, auto(ids).logits
print(float((whole - one).abs().max()), float((whole - plain).abs().max()))
"""
    told = forks.run(code)
    assert told.returncode == 0, told.stderr[-2000:]
    apart, moved = map(float, told.stdout.split()[-2:])
    assert apart < 1e-5
    assert moved > 10 * apart


def test_a_session_on_a_terminal_ends_cleanly_with_ctrl_c(
    published: dict[str, str], forks: Forks
) -> None:
    told = forks.run(SESSION, "train", "chat", "--model", published["model"])
    assert told.returncode == 0, told.stderr[-2000:]
    assert "Traceback" not in told.stdout
    assert told.stdout.index("\x1b[?2501h") < told.stdout.index(DISCLAIMER[0])
    assert told.stdout.index(DISCLAIMER[0]) < told.stdout.index("مدل: ")


def test_publishing_again_does_nothing(
    published: dict[str, str], trained: Trained, gaokerena: Callable[..., Done], hub: HubServer
) -> None:
    before = hub.repository(published["model"], "models").revision("main")
    again = gaokerena(
        "publish", trained.merged, "--to", published["model"], "--base", BASE,
        "--license", "cc-by-nc-4.0",
    )  # fmt: skip
    assert "already published" in again.stdout, again.stderr
    assert hub.repository(published["model"], "models").revision("main") == before


def test_a_published_model_is_verified_file_by_file(
    trained: Trained, gaokerena: Callable[..., Done], forks: Forks, hub: HubServer
) -> None:
    # A repository of its own: what somebody loaded, the client may take from its cache.
    common = ("--to", "org/verified", "--base", BASE, "--license", "mit")
    assert gaokerena("publish", trained.adapter, *common).returncode == 0
    repository = hub.repository("org/verified", "models")
    entry = repository.entry(repository.revision("v1.0.0"), "adapter_model.safetensors")
    stored = repository.lfs_path(entry["lfs"]["oid"])
    content = stored.read_bytes()
    done = forks.run(COMMAND, "verify", "--model", "org/verified@v1.0.0")
    assert done.returncode == 0, done.stderr
    assert "is verified 1.0.0: " in done.stdout
    stored.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    bad = forks.run(COMMAND, "verify", "--model", "org/verified@v1.0.0")
    assert bad.returncode == 1
    assert "adapter_model.safetensors" in bad.stdout + bad.stderr


def test_a_published_version_never_changes(
    published: dict[str, str], trained: Trained, gaokerena: Callable[..., Done]
) -> None:
    other = gaokerena(
        "publish", trained.merged, "--to", published["model"], "--base", BASE, "--license", "mit"
    )
    assert other.returncode == 1
    assert "1.0.0 is already published with other content (README.md differs)" in other.stderr
    assert other.stderr.count("\n") == 1


@pytest.mark.thorough
def test_a_new_version_changes_only_what_differs(
    trained: Trained, gaokerena: Callable[..., Done], hub: HubServer
) -> None:
    common = ("publish", trained.adapter, "--to", "org/two", "--base", BASE)
    assert gaokerena(*common, "--license", "mit").returncode == 0
    second = gaokerena(*common, "--license", "apache-2.0", "--version", "1.0.1")
    assert second.returncode == 0, second.stderr
    changed = re.findall(r"^  (\w+) .* bytes  (\S+)$", second.stdout, re.MULTILINE)
    assert changed == [("replace", "README.md"), ("replace", "manifest.json")]
    repository = hub.repository("org/two", "models")
    assert b"license: mit" in repository.files("v1.0.0")["README.md"]
    assert b"license: apache-2.0" in repository.files("v1.0.1")["README.md"]


def test_a_dry_run_and_restricted_repositories(
    trained: Trained, gaokerena: Callable[..., Done], hub: HubServer
) -> None:
    common = ("publish", trained.adapter, "--base", BASE, "--license", "mit", "--to")
    planned = gaokerena(*common, "org/planned", "--dry-run")
    assert "dry run: a new repository" in planned.stdout, planned.stderr
    assert "adapter_model.safetensors" in planned.stdout
    assert not hub.repository("org/tiny-aya", "models").folder.with_name("planned").exists()
    assert gaokerena(*common, "org/closed", "--private", "--gated").returncode == 0
    settings = hub.repository("org/closed", "models").settings
    assert settings["private"]
    assert settings["gated"] == "auto"


def test_nothing_of_this_machine_is_published(
    published: dict[str, str], trained: Trained, hub: HubServer
) -> None:
    for repository in published.values():
        files = hub.repository(repository, "models").files("v1.0.0")
        assert files["training/2-instruct/run.json"]
        assert files["training/1-pretrain/loss.png"].startswith(b"\x89PNG")
        local = str(trained.base.parents[2]).encode()
        holding = [path for path, content in files.items() if local in content]
        assert not holding
        assert not [path for path in files if "optimizer" in path or "checkpoint" in path]
    adapter = hub.repository(published["adapter"], "models").files("v1.0.0")
    assert json.loads(adapter["adapter_config.json"])["base_model_name_or_path"] == BASE
    assert not [path for path in adapter if path.startswith("model")]


@pytest.mark.parametrize(
    ("kind", "library", "relation"),
    [("model", "transformers", "finetune"), ("adapter", "peft", "adapter")],
)
def test_the_card_s_metadata(
    kind: str, library: str, relation: str, published: dict[str, str], hub: HubServer
) -> None:
    card = hub.repository(published[kind], "models").files("v1.0.0")["README.md"].decode()
    metadata = front_matter(card)
    assert metadata["base_model"] == BASE
    assert metadata["base_model_relation"] == relation
    assert metadata["library_name"] == library
    assert metadata["pipeline_tag"] == "text-generation"
    assert metadata["language"] == ["fa"]
    assert metadata["license"] == "cc-by-nc-4.0"
    assert "datasets" not in metadata  # both were read from folders, not from the Hub
    assert "این مدل پزشک نیست" in card
    assert "![Loss and learning rate of pretrain, step by step](training/1-pretrain/loss" in card
    for number in ("24 of 40", "rank 8, alpha 16, dropout 0.05", "rank 2, alpha 2, dropout 0.4"):
        assert number in card
    assert not re.search(r"\{\{|\b(None|nan|Undefined)\b", card)


def test_datasets_of_the_hub_are_named_with_tag_and_sha(trained: Trained, tmp_path: Path) -> None:
    merged = changed_run(trained, tmp_path, dataset={"name": "org/mf3qa", "revision": "v1.2.0"})
    card = render_card(open_publication(merged, BASE), "org/x", "1.0.0", license_id="mit")
    assert front_matter(card)["datasets"] == ["org/mf3qa"]
    run = json.loads((merged / "training" / "1-pretrain" / "run.json").read_text("utf-8"))
    assert f"- pretrain: the dataset's version is {run['dataset']['sha']}" in card
    assert "| version | v1.2.0 |" in card


def changed_run(trained: Trained, tmp_path: Path, **changes: dict[str, Any]) -> Path:
    """A copy of the merged model whose first run says something else."""
    merged = tmp_path / "merged"
    shutil.copytree(trained.merged, merged)
    file = merged / "training" / "1-pretrain" / "run.json"
    run = json.loads(file.read_text("utf-8"))
    for key, values in changes.items():
        run[key] = {**run[key], **values}
    file.write_text(json.dumps(run), "utf-8")
    return merged


def test_hostile_strings_stay_text(trained: Trained, tmp_path: Path) -> None:
    merged = changed_run(
        trained,
        tmp_path,
        dataset={"name": HOSTILE, "revision": HOSTILE, "sha": HOSTILE},
        hardware={"cpu": HOSTILE, "gpu_name": HOSTILE},
        recipe={"name": HOSTILE},
    )
    cell = {"hits": 1, "total": 2, "interval": {"low": 0.1, "high": 0.9}}
    score = {"accuracy": cell, "invalid": cell}
    report = {"cells": [{"subject": HOSTILE, "system": HOSTILE, "human": None, "ours": score}]}
    card = render_card(
        open_publication(merged, BASE), "org/x", "1.0.0", license_id="mit", evaluation=report
    )
    assert set(front_matter(card)) == set(
        front_matter(
            render_card(open_publication(trained.merged, BASE), "a/b", "1.0.0", license_id="mit")
        )
    )
    # What GitHub and the Hub make of it: raw HTML is let through, so none may be left.
    body = card.split("---\n", 2)[2]
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<h1>boo" not in html
    assert html.count("<h1>") == 1
    assert html.count("<table>") == 3 - ("was not recorded" in body)


def test_a_fence_is_longer_than_those_inside() -> None:
    assert fenced("a", "yaml") == "```yaml\na\n```"
    assert fenced("```\n````", "yaml").startswith("`````yaml\n")


def test_an_evaluation_stands_in_the_card(trained: Trained, tmp_path: Path) -> None:
    found = {"hits": 65, "total": 135, "interval": {"low": 0.399, "high": 0.565}}
    cells = [
        {
            "subject": "anatomy",
            "system": "gaokerena",
            "human": {"accuracy": found, "invalid": found},
            "ours": None,
        },
        {"subject": "anatomy", "system": "qwen", "human": None, "ours": None},
    ]
    card = render_card(
        open_publication(trained.merged, BASE),
        "org/x",
        "1.0.0",
        license_id="mit",
        evaluation={"cells": cells},
    )
    assert "48.15 (39.9–56.5; 135)" in card
    assert "qwen" not in card.lower()
    assert "has not been evaluated" not in card


def test_results_stand_in_the_metadata_as_the_hub_reads_them(trained: Trained) -> None:
    def cell(subject: str, system: str, hits: int, total: int, *, people: bool) -> dict[str, Any]:
        found = {"hits": hits, "total": total, "interval": {"low": 0.317, "high": 0.462}}
        score = {"accuracy": found, "invalid": found}
        return {
            "subject": subject, "system": system, "human": score if people else None, "ours": score,
        }  # fmt: skip

    cells = [
        cell("ibmsee", "mine-8b", 65, 168, people=True),
        cell("persianmedqa", "mine-8b", 1, 4, people=False),
        cell("anatomy", "mine-8b", 2, 3, people=False),
        cell("mmlu_average", "mine-8b", 2, 3, people=False),
        cell("ibmsee", "other", 1, 168, people=True),
        cell("of_another_package", "mine-8b", 1, 2, people=False),
    ]
    report = {"cells": cells, "others": {"persianmedqa": "PersianMedQA"}}
    merged = open_publication(trained.merged, BASE)

    def card(**options: str) -> str:
        made = {"license_id": "mit", "evaluation": report} | options
        return render_card(merged, "org/Mine-8B", "1.0.0", **made)  # type: ignore[arg-type]

    # As the Hub's own library reads a card.
    data = ModelCard(card()).data
    assert isinstance(data, ModelCardData)
    assert data.model_name == "Mine-8B"
    results = data.eval_results
    assert results is not None
    shown = {(r.dataset_type, r.dataset_config, r.dataset_split, r.metric_value) for r in results}
    assert shown == {
        ("gaokerena/ibmsee", "default", "test", 38.69),
        ("MohammadJRanjbar/PersianMedQA", "default", "test", 25.0),
        ("gaokerena/mmlu_medical_fa", "anatomy", "test", 66.67),
        ("gaokerena/mmlu_medical_fa", None, "test", 66.67),
    }
    assert all(result.metric_type == "accuracy" for result in results)
    assert "answers read by people" in str(results[0].metric_name)
    assert "| PersianMedQA |" in card()
    other = ModelCard(card(system="other")).data
    assert isinstance(other, ModelCardData)
    assert [result.metric_value for result in other.eval_results or []] == [0.6]
    with pytest.raises(GaokerenaError, match="no answers of a system called 'gpt'"):
        card(system="gpt")


def test_refusals_say_what_to_do(trained: Trained, gaokerena: Callable[..., Done]) -> None:
    for arguments, told in (
        ((trained.instruct,), "works only on the base with another adapter merged"),
        ((trained.merged,), "say which model of the Hub it is with --base"),
        ((trained.merged, "--base", BASE), "give --license"),
        ((trained.merged, "--base", BASE, "--license", "mine"), "metadata that the Hub refuses"),
        ((trained.base,), "holds no adapter"),
        ((trained.merged, "--version", "2"), "give three numbers"),
        ((trained.merged, "--evaluation", trained.merged / "merge.json"), "is no evaluation"),
    ):
        extra = ("--base", BASE) if "--evaluation" in arguments else ()
        done = gaokerena("publish", *arguments, *extra, "--to", "org/refused")
        assert done.returncode == 1, done.stdout
        assert told in done.stderr
        assert done.stderr.count("\n") == 1


def test_paths_are_cut_and_names_stay(tmp_path: Path) -> None:
    kept = {"model": "CohereLabs/aya-expanse-8b", "text": "a / b", "url": "https://x.y/z", "n": 3}
    assert without_paths(kept) == kept
    assert without_paths(["/home/me/runs/a", "~/b", "./c/d", "x/y/z", str(tmp_path)]) == [
        "a", "b", "d", "z", tmp_path.name,
    ]  # fmt: skip


def test_the_same_version_is_staged_in_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        publication = open_publication(trained.merged, BASE)
        stage(publication, "card", "x", "1.0.0", folder)
        found.append((folder / "manifest.json").read_bytes())
    assert found[0] == found[1]


def test_the_licence_of_aya_is_known() -> None:
    from training.publishing.model_card import _license_of

    assert _license_of("CohereLabs/aya-expanse-8b") == "cc-by-nc-4.0"
    with pytest.raises(GaokerenaError, match="--license"):
        _license_of("Qwen/Qwen2.5-7B")
