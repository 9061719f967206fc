"""Routes about people and repositories as a whole: who am I, create, delete, settings, cards."""

import shutil
from typing import Any

import yaml

from tests.hub_server.messages import Request, Response, kind_of
from tests.hub_server.repository import HubError, Repository

# A few of the Hub's own list: enough for cards to be right or wrong.
LICENSES = {
    "apache-2.0", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-sa-4.0", "mit", "other",
    "unknown",
}  # fmt: skip


def whoami(request: Request) -> Response:
    account = request.account
    if account is None:
        raise HubError(401, "Invalid username or password.")
    role = "write" if account.may_write else "read"
    return Response(
        {
            "type": "user",
            "name": account.name,
            "fullname": account.name,
            "orgs": [{"name": name, "roleInOrg": role} for name in account.organizations],
            "auth": {"accessToken": {"displayName": "token", "role": role}},
        }
    )


def create(request: Request) -> Response:
    namespace, kind, name = _named(request)
    repository = Repository(request.root, kind, f"{namespace}/{name}", missing=0)
    url = request.url(kind, repository.id)
    if repository.folder.is_dir():
        raise HubError(409, "You already created this repo", url=url)
    sent = request.json
    private = sent.get("visibility") == "private" or bool(sent.get("private"))
    repository.create({"private": private})
    return Response({"url": url, "name": repository.id, "id": repository.id})


def delete(request: Request) -> Response:
    namespace, kind, name = _named(request)
    shutil.rmtree(Repository(request.root, kind, f"{namespace}/{name}").folder)
    return Response()


def settings(request: Request, kind: str, repo_id: str) -> Response:
    sent = dict(request.json)
    if "visibility" in sent:
        sent["private"] = sent.pop("visibility") == "private"
    request.writable(kind, repo_id).update_settings(sent)
    return Response(sent)


def validate_yaml(request: Request) -> Response:
    content = request.json["content"]
    errors: list[dict[str, str]] = []
    warnings: list[dict[str, str]] = []
    metadata = _metadata(content, errors)
    if metadata is None and not errors:
        warnings.append({"message": "empty or missing yaml metadata in repo card"})
    licence = (metadata or {}).get("license")
    if licence is not None and licence not in LICENSES:
        errors.append({"message": f'"license" must be one of {sorted(LICENSES)}'})
    return Response({"errors": errors, "warnings": warnings}, 400 if errors else 200)


def _metadata(content: str, errors: list[dict[str, str]]) -> dict[str, Any] | None:
    parts = content.lstrip().split("---", 2)
    if len(parts) < 3 or parts[0]:
        return None
    try:
        metadata = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        errors.append({"message": f"bad yaml: {error}"})
        return None
    return metadata if isinstance(metadata, dict) else None


def _named(request: Request) -> tuple[str, str, str]:
    sent = request.json
    account = request.account
    namespace = sent.get("organization") or (account.name if account else "")
    request.writer(namespace)
    return namespace, kind_of(sent.get("type")), sent["name"]
