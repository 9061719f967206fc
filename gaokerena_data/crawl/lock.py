"""One process at a time on a site's frontier; the operating system frees it after a kill."""

from filelock import FileLock, Timeout

from gaokerena_data.workspace import FILE_MODE, Workspace, make_folder


class SiteLock:
    """The lock of one site in one workspace."""

    def __init__(self, workspace: Workspace, site: str) -> None:
        path = workspace.frontier(site).with_suffix(".lock")
        make_folder(path.parent)
        self._lock = FileLock(path, mode=FILE_MODE)

    def take(self) -> bool:
        """Take the lock, unless another process has it."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def free(self) -> None:
        """Give it back."""
        self._lock.release()
