"""Which route answers which request."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from tests.hub_server import accounts, reading, writing
from tests.hub_server.messages import Request, Response
from tests.hub_server.repository import HubError

_KIND = r"/api/(models|datasets)"
_REPO = r"([\w.-]+/[\w.-]+)"

# Revisions arrive percent-encoded, so that one path segment is one revision.
ROUTES: list[tuple[str, str, Callable[..., Response]]] = [
    ("GET", r"/api/whoami-v2", accounts.whoami),
    ("POST", r"/api/repos/create", accounts.create),
    ("DELETE", r"/api/repos/delete", accounts.delete),
    ("POST", r"/api/validate-yaml", accounts.validate_yaml),
    ("PUT", rf"{_KIND}/{_REPO}/settings", accounts.settings),
    ("POST", rf"{_KIND}/{_REPO}/preupload/([^/]+)", writing.preupload),
    ("POST", rf"/(datasets/)?{_REPO}\.git/info/lfs/objects/batch", writing.lfs_batch),
    ("PUT", rf"/_lfs/(models|datasets)/{_REPO}/(\w{{64}})", writing.lfs_upload),
    ("POST", rf"/_lfs/(models|datasets)/{_REPO}/verify", writing.lfs_verify),
    ("POST", rf"{_KIND}/{_REPO}/commit/([^/]+)", writing.commit),
    ("POST|DELETE", rf"{_KIND}/{_REPO}/tag/([^/]+)", writing.tag),
    ("POST|DELETE", rf"{_KIND}/{_REPO}/branch/([^/]+)", writing.branch),
    ("POST", rf"{_KIND}/{_REPO}/super-squash/([^/]+)", writing.super_squash),
    ("POST", rf"{_KIND}/{_REPO}/lfs-files/batch", writing.delete_lfs),
    ("POST", rf"{_KIND}/{_REPO}/discussions/(\d+)/status", writing.discussion_status),
    ("GET", rf"{_KIND}/{_REPO}/lfs-files", reading.lfs_files),
    ("GET", r"/api/models", reading.models),
    ("GET|HEAD", rf"{_KIND}/{_REPO}/refs", reading.references),
    ("GET", rf"{_KIND}/{_REPO}/tree/([^/]+)(?:/(.*))?", reading.tree),
    ("POST", rf"{_KIND}/{_REPO}/paths-info/([^/]+)", reading.paths_info),
    ("GET", rf"{_KIND}/{_REPO}/commits/([^/]+)", reading.commits),
    ("GET|HEAD", rf"{_KIND}/{_REPO}(?:/revision/([^/]+))?", reading.information),
    ("GET|HEAD", rf"/(datasets/)?{_REPO}/resolve/([^/]+)/(.+)", reading.resolve),
]


def answer(request: Request) -> Response:
    """The response of the route that matches, refusals included."""
    for methods, pattern, route in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and request.method in methods.split("|"):
            try:
                return route(request, *(part and unquote(part) for part in match.groups()))
            except HubError as error:
                return Response.refusal(error)
    return Response.refusal(HubError(404, "Not found"))
