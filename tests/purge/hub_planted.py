"""A repository on the tests' Hub that holds one person's words in every kind of revision."""

import base64
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gaokerena_data.canonical import hash_rows
from tests.hub.forks import Done
from tests.hub.releases import SCHEMA, pairs, write_manifest, write_release
from tests.hub_server.repository import HubError, Repository
from tests.hub_server.server import HubServer
from tests.purge.planted import ANSWER

ROW = pairs("train", 6)[2]["id"]
NEEDLES = ("نردبان", "سوپراسپیناتوس")
CONFIGS = ("default", "scored", "uncleaned", "removed")

type Command = Callable[..., Done]


def plant_on_hub(hub: HubServer, gaokerena: Command, workspace: Path, repo: str) -> None:
    """Versions 1.0.0 and 1.1.0, which hold the row, 1.2.0, which does not, and other revisions."""
    rows = {"train": 6, "dev": 2, "test": 2}
    releases = workspace / "releases/mf3qa"
    for version in ("1.0.0", "1.1.0"):
        folder = write_release(releases / version, version, rows, configs=CONFIGS)
        (folder / "examples.json").write_text(json.dumps([{"id": ROW, "text": ANSWER}, {"n": 1}]))
        _restate(folder, version)
    write_release(
        releases / "1.2.0", "1.2.0", {"train": 2, "dev": 2, "test": 2}, configs=["default"]
    )
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        done = gaokerena("publish", "mf3qa", version, "--to", repo)
        assert done.returncode == 0, done.stderr
    shutil.rmtree(workspace / "releases")
    repository = hub.repository(repo)
    first = repository.revision("v1.0.0")
    parquet = io.BytesIO()
    pq.write_table(pa.table({"Question": ["x"], "Answer": [ANSWER]}), parquet)
    for name, path, content in (
        ("heads/dev", "notes.csv", f"id,text\n1,{ANSWER}\n2,ok\n".encode()),
        ("pr/1", "rows.jsonl", (json.dumps({"text": ANSWER}) + "\n").encode()),
        ("convert/parquet", "default/train/0000.txt", f"{ANSWER}\nok\n".encode()),
    ):
        repository.git("update-ref", "refs/heads/scratch", first)
        _commit(repository, path, content)
        repository.git("update-ref", f"refs/{name}", repository.revision("scratch"))
        repository.git("update-ref", "-d", "refs/heads/scratch")
    repository.git("tag", "before-review", first)
    for name, facts in (
        ("held", "| version | v1.0.0 |"), ("later", "| version | v1.2.0 |"), ("silent", ""),
    ):  # fmt: skip
        _model(hub, f"org/{repo.partition('/')[2]}-{name}", repo, facts)


def _restate(folder: Path, version: str) -> None:
    """Give one row of train the person's words, and state what the folder then holds."""
    stamps = json.loads((folder / "manifest.json").read_text("utf-8"))["rows"]
    for config in CONFIGS:
        part = "data" if config == "default" else config
        file = folder / part / "train-00000-of-00001.parquet"
        rows = pq.read_table(file).to_pylist()
        table = pa.Table.from_pylist(
            [row | {"Answer": ANSWER} if row["id"] == ROW else row for row in rows], SCHEMA
        )
        pq.write_table(table, file)
        stamps[config]["train"]["sha256"] = hash_rows(table)
    write_manifest(folder, version, stamps)


def _commit(repository: Repository, path: str, content: bytes) -> None:
    lines = [
        {"key": "header", "value": {"summary": "more"}},
        {
            "key": "file",
            "value": {"path": path, "content": base64.b64encode(content).decode()},
        },
    ]
    payload = "\n".join(json.dumps(line) for line in lines).encode()
    repository.commit("scratch", payload)


def _model(hub: HubServer, name: str, repo: str, facts: str) -> None:
    repository = Repository(hub.root, "models", name, missing=0)
    repository.create({})
    card = f"---\ndatasets:\n- {repo}\n---\n# model\n{facts}\n".encode()
    repository.git("update-ref", "refs/heads/scratch", repository.revision("main"))
    _commit(repository, "README.md", card)
    repository.git("update-ref", "refs/heads/main", repository.revision("scratch"))
    repository.git("update-ref", "-d", "refs/heads/scratch")


def contents(hub: HubServer, repo: str) -> list[bytes]:
    """Every git object and every large file of a repository, also those that no name leads to."""
    repository = hub.repository(repo)
    listing = repository.git(
        "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"
    )
    found = [
        repository.git("cat-file", "-p", line.split()[0]).encode()
        for line in listing.splitlines()
        if line.endswith("blob")
    ]
    objects = repository.folder / ".git" / "lfs" / "objects"
    rows = [pq.read_table(file).to_pylist() for file in sorted(objects.glob("*/*/*"))]
    return found + [json.dumps(each, ensure_ascii=False).encode() for each in rows]


def served(hub: HubServer, repo: str) -> list[str]:
    """The names and paths that serve the words: heads and histories, without the ids of commits."""
    repository = hub.repository(repo)
    found = set()
    for line in repository.git("for-each-ref", "--format=%(refname)").splitlines():
        for commit in repository.git("rev-list", line).split():
            for entry in repository.entries(commit):
                if entry["type"] != "file":
                    continue
                try:
                    data = repository.content(entry)
                except HubError:
                    continue
                if data.startswith(b"PAR1"):
                    rows = pq.read_table(io.BytesIO(data)).to_pylist()
                    data = json.dumps(rows, ensure_ascii=False).encode()
                if any(n.encode() in data or json.dumps(n)[1:-1].encode() in data for n in NEEDLES):
                    found.add(f"{line} {entry['path']}")
    return sorted(found)
