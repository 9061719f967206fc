"""SQLite files of any making: rows with the words are deleted, and their bytes with them.

Pages that were freed hold what stood there, until the file is made anew.
"""

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from gaokerena_data.purge.contents.binaries import holds_as_text
from gaokerena_data.purge.contents.outcome import Outcome, UnreadableError
from gaokerena_data.purge.sought import Sought


def purge_database(data: bytes, sought: Sought) -> Outcome | None:
    """A database without the rows that hold the words; None where it holds none.

    Raises:
        UnreadableError: it is damaged.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "database"
        file.write_bytes(data)
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as database:
                pieces = delete_rows(database, sought)
                pieces = pieces or int(holds_as_text(io.BytesIO(data), sought))
                if pieces:
                    database.execute("VACUUM")
        except sqlite3.DatabaseError as error:
            raise UnreadableError(str(error)) from None
        return Outcome(file.read_bytes(), pieces) if pieces else None


def delete_rows(database: sqlite3.Connection, sought: Sought) -> int:
    """Delete every row of any table that holds the words; how many they were."""
    tables = [
        row[0]
        for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    pieces = 0
    database.execute("PRAGMA secure_delete = ON")
    for table in tables:
        quoted = '"' + table.replace('"', '""') + '"'
        cursor = database.execute(f"SELECT * FROM {quoted}")  # noqa: S608 (quoted)
        names = [each[0] for each in cursor.description]
        where = " AND ".join('"' + name.replace('"', '""') + '" IS ?' for name in names)
        found = [row for row in cursor if any(_holds(value, sought) for value in row)]
        for row in found:
            database.execute(f"DELETE FROM {quoted} WHERE {where}", row)  # noqa: S608 (quoted)
        pieces += len(found)
    return pieces


def _holds(value: object, sought: Sought) -> bool:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return isinstance(value, str) and sought.in_text(value)
