"""What others than us put into a repository."""

import base64
import json

from tests.hub_server.server import HubServer


def upload(hub: HubServer, repo: str, path: str, content: bytes) -> str:
    """Somebody else puts a file there; the new head."""
    repository = hub.repository(repo)
    head = repository.revision("main")
    encoded = base64.b64encode(content).decode()
    operations = (
        {"key": "header", "value": {"summary": "by somebody else", "parentCommit": head}},
        {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}},
    )
    return repository.commit("main", b"\n".join(json.dumps(o).encode() for o in operations))
