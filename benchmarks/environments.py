"""Each peer in an environment of its own, made once: none has to live with another's versions."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def interpreter(name: str, requirements: Sequence[str], cache: Path) -> Path:
    """The Python of an environment with these requirements, made when it is first asked for."""
    folder = cache / f"environment-{name}"
    python = folder / "bin" / "python"
    ready, wanted = folder / "ready", "\n".join(requirements)
    if not ready.exists() or ready.read_text() != wanted:
        print(f"installing {' '.join(requirements)}", flush=True)
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--clear", "--python", sys.executable, folder], check=True)
        install = [uv, "pip", "install", "--system-certs", "--python", str(python)]
        subprocess.run([*install, *requirements], check=True)
        ready.write_text(wanted)
    return python
