"""Clients and commands in processes of their own, without waiting for imports each time.

`python -m tests.hub.forks` imports the clients once, in the environment that it was given
(huggingface_hub reads `HF_ENDPOINT` at import), and forks for every call. The calls come as JSON
lines on stdin; a line with the child's process id answers, and one with its exit code.
"""

import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

# What the commands and the clients come to import: each call would import it again.
IMPORTED = (
    *("aiohttp", "datasets", "encodings.idna", "fsspec.implementations.http"),
    *("huggingface_hub.hf_api", "pydantic.type_adapter", "scipy.io", "scipy.sparse", "typer.main"),
    "gaokerena_data.hub.commands",
    "gaokerena_data.hub.folder",
    "gaokerena_data.hub.pull",
    "gaokerena_data.hub.rollback",
    "gaokerena_data.hub.transport",
)
COMMAND = "import tests.hub.forks as forks; forks.run_command()"


@dataclass(frozen=True)
class Done:
    """What a process came to; `returncode` is minus the signal that killed it."""

    returncode: int
    stdout: str
    stderr: str


class Forks:
    """A running fork server with this environment, which has imported these modules."""

    def __init__(
        self, environment: Mapping[str, str], folder: Path, imported: Sequence[str] = IMPORTED
    ) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hub.forks", *imported],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            # One thread before the fork: OpenBLAS would start others at import.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
        )

    def run(
        self,
        code: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        started: Callable[[int], None] = lambda _pid: None,
    ) -> Done:
        """Run code with `sys.argv[1:]` set, in a new process.

        Args:
            code: Python.
            arguments: what it finds in `sys.argv`.
            environment: on top of the server's own.
            started: told the process id.
        """
        out, err = self._folder / "stdout", self._folder / "stderr"
        call = {
            "code": code,
            "arguments": arguments,
            "environment": environment or {},
            "files": (str(out), str(err)),
        }
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the fork server has no pipes")
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        started(int(self._process.stdout.readline()))
        code_line = self._process.stdout.readline()
        return Done(int(code_line), out.read_text("utf-8"), err.read_text("utf-8"))

    def stop(self) -> None:
        """End the server."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def run_command() -> None:
    """Run the commands of the hub room as the command line does."""
    import typer

    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.hub import commands

    app = typer.Typer()
    app.callback()(lambda: None)
    for command in (commands.publish, commands.verify, commands.pull):
        app.command()(command)
    try:
        app()
    except GaokerenaError as error:
        print(f"gaokerena: {error}", file=sys.stderr)
        sys.exit(1)


def serve(imported: Sequence[str]) -> None:
    """Import, then fork for every line."""
    for module in imported:
        importlib.import_module(module)
    if "datasets" in sys.modules:
        sys.modules["datasets"].disable_progress_bars()
    for line in sys.stdin:
        call = json.loads(line)
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _run(**call)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(code: str, arguments: list[str], environment: dict[str, str], files: list[str]) -> None:
    """In the child: run, and end here whatever happens."""
    status = 1
    try:
        for descriptor, path in zip((1, 2), files, strict=True):
            target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(target, descriptor)
            os.close(target)
        os.environ.update(environment)
        sys.argv = ["gaokerena", *arguments]
        exec(compile(code, "<call>", "exec"), {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1:])
