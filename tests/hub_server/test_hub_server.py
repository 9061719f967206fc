"""The Hub of the tests, as the real clients find it."""

import http.client
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.hub_server.faults import Fault
from tests.hub_server.server import HubServer


def run_client_checks(environment: dict[str, str], namespace: str) -> list[dict[str, object]]:
    finished = subprocess.run(
        [sys.executable, "-m", "tests.hub_server.client_checks", namespace],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    return [json.loads(line) for line in finished.stdout.splitlines()]


@pytest.mark.thorough
def test_the_real_clients_find_a_hub(hub: HubServer, tmp_path: Path) -> None:
    checks = run_client_checks(hub.env(tmp_path), "org")
    assert [check for check in checks if not check["ok"]] == []
    assert len(checks) >= 60


def test_a_real_endpoint_passes_the_same_checks(tmp_path: Path) -> None:
    names = ("GAOKERENA_TEST_ENDPOINT", "GAOKERENA_TEST_NAMESPACE", "HF_TOKEN")
    if any(name not in os.environ for name in names):
        pytest.skip(f"no real endpoint to test against: set {', '.join(names)}")
    endpoint, namespace, token = (os.environ[name] for name in names)
    environment = {"HF_ENDPOINT": endpoint, "HF_TOKEN": token, "HF_HOME": str(tmp_path)}
    checks = run_client_checks(environment, namespace)
    assert [check for check in checks if not check["ok"]] == []


def ask(hub: HubServer, path: str, token: str = "hf_writer", **sent: object) -> int:
    """The status of one request without any client's retries; 0 when no answer came."""
    request = urllib.request.Request(
        hub.endpoint + path,
        data=json.dumps(sent).encode() if sent else None,
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except (http.client.HTTPException, OSError):
        return 0


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("hf_nobody", 401), ("hf_reader", 403), ("hf_stranger", 403)]
)
def test_only_members_with_a_writing_token_create(hub: HubServer, token: str, status: int) -> None:
    sent = {"name": f"refused-{token}", "organization": "org", "type": "dataset"}
    assert ask(hub, "/api/repos/create", token, **sent) == status


def test_private_and_gated_repositories_are_for_members(hub: HubServer) -> None:
    ask(hub, "/api/repos/create", name="shut", organization="org", type="dataset")
    repository = hub.repository("org/shut")
    path = "/datasets/org/shut/resolve/main/.gitattributes"
    assert [ask(hub, path, token) for token in ("", "hf_reader", "hf_writer")] == [200, 200, 200]
    repository.update_settings({"gated": "auto"})
    assert [ask(hub, path, token) for token in ("", "hf_reader", "hf_writer")] == [401, 403, 200]
    assert ask(hub, "/api/datasets/org/shut", "") == 200
    repository.update_settings({"private": True})
    assert [
        ask(hub, "/api/datasets/org/shut", token) for token in ("", "hf_reader", "hf_writer")
    ] == [401, 404, 200]


@pytest.mark.parametrize("status", [401, 403, 404, 409, 412, 429, 500])
def test_statuses_on_demand(hub: HubServer, status: int) -> None:
    with hub.faults.inject(Fault("status", path="whoami", status=status, skip=1, times=2)):
        answers = [ask(hub, "/api/whoami-v2") for _ in range(4)]
    assert answers == [200, status, status, 200]


def test_a_connection_is_dropped_before_or_after_the_work(hub: HubServer) -> None:
    create = {"organization": "org", "type": "dataset"}
    with hub.faults.inject(Fault("drop", path="create")):
        assert ask(hub, "/api/repos/create", name="before", **create) == 0
    with hub.faults.inject(Fault("drop", path="create", after=True)):
        assert ask(hub, "/api/repos/create", name="after", **create) == 0
    assert ask(hub, "/api/datasets/org/before") == 404
    assert ask(hub, "/api/datasets/org/after") == 200
    with hub.faults.inject(Fault("cut", path="org/after")):
        assert ask(hub, "/api/datasets/org/after") == 0


def test_faults_of_a_server_started_by_hand(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub_server", str(tmp_path / "root"), "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        endpoint = process.stdout.readline().split()[1].removeprefix("HF_ENDPOINT=")
        fault = json.dumps([{"effect": "status", "status": 429, "times": None}]).encode()
        urllib.request.urlopen(f"{endpoint}/_faults", data=fault, timeout=60).close()
        with pytest.raises(urllib.error.HTTPError, match="429"):
            urllib.request.urlopen(f"{endpoint}/api/whoami-v2", timeout=60)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
