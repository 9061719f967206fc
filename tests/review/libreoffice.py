"""A real office program: opens a spreadsheet and saves it."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def save_in_libreoffice(file: Path, folder: Path) -> Path:
    """Open a file in LibreOffice and save it as xlsx into a folder."""
    if SOFFICE is None:
        pytest.skip("no LibreOffice: apt-get install libreoffice-calc-nogui")
    folder.mkdir()
    done = subprocess.run(
        [
            SOFFICE,
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder),
            str(file),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / file.name
