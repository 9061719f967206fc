"""Code that lies in a workspace: loaded where it is needed, said in one line, and refusable.

Data of a workspace (its datasets, its table of sources) is read by everybody; code runs only where
a command needs it: a spider of `sites/` to crawl or extract, a rule of `rules/` to curate.
"""

import os
import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from gaokerena_data.errors import GaokerenaError, reason_of

# Set by `gaokerena --no-workspace-code`; processes that a command starts inherit it.
REFUSED = "GAOKERENA_NO_WORKSPACE_CODE"
_NO = {"", "0", "false", "no"}


@cache
def load_file(file: Path) -> ModuleType:
    """A Python file of a workspace, run once in a process.

    Raises:
        GaokerenaError: code of workspaces is refused, or the file cannot be run.
    """
    if os.environ.get(REFUSED, "0") not in _NO:
        raise GaokerenaError(
            f"{file}: is code of this workspace, and was refused; read it, then run the command "
            f"without --no-workspace-code (and without {REFUSED})"
        )
    print(f"gaokerena: running code of this workspace: {file}", file=sys.stderr)  # noqa: T201
    spec = spec_from_file_location(f"gaokerena_workspace_{file.parent.name}_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise GaokerenaError(f"{file}: cannot be loaded as a module")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # what it defines is found again by name
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever somebody's file does
        raise GaokerenaError(f"{file}: cannot be run ({reason_of(error)}): mend it") from None
    return module
