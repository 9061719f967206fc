"""The process that reads an xlsx file: `workbook_process.py FILE` writes its cells to stdout.

It runs alone: nothing of this package is imported here.
"""

import pickle
import sys
from contextlib import suppress
from typing import Any

REFUSED = 3  # what it ends with when it says why
MEMORY_BYTES = 4 * 1024**3
MAX_CELLS = 30_000_000


def main(path: str) -> int:
    """Write the filled sheets as a pickle, or say in one line what is wrong and return 3."""
    _bound_memory()
    try:
        sheets = _read(path)
    except OversizedError as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, SystemExit):
        raise
    # The reader is compiled code: a file made to break it can also panic, which is no Exception.
    except BaseException as error:
        told = " ".join(str(error).split()) or type(error).__name__
        return _refuse(f"not an xlsx file that can be read ({told})")
    with sys.stdout.buffer as out:
        pickle.dump(sheets, out, protocol=pickle.HIGHEST_PROTOCOL)
    return 0


class OversizedError(Exception):
    """A sheet that claims more cells than any table has."""


def _read(path: str) -> list[tuple[str, list[list[Any]], list[tuple[int, int, int, int]]]]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    sheets = []
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise OversizedError(
                f"the sheet {name!r} claims {sheet.total_height:,} rows of "
                f"{sheet.total_width:,} cells; delete what stands far from the table"
            )
        rows = sheet.to_python(skip_empty_area=False)
        if rows:
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
            sheets.append((name, rows, merged))
    return sheets


def _bound_memory() -> None:
    # Only where the system knows such limits; elsewhere the count of cells is all there is.
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(told: str) -> int:
    sys.stdout.buffer.write(told.encode("utf-8", "replace"))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
