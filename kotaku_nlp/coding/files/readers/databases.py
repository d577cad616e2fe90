"""SQLite files of other tools: copied first, opened for reading only, never trusted."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kotaku_nlp.corpus.readers.guarding import LARGEST_MB, MEGABYTE
from kotaku_nlp.errors import CodingError

_MAGIC = b"SQLite format 3\x00"
#: What SQLite keeps beside a database that is, or was, open: without it the last changes are missing.
_BESIDE = ("-wal", "-journal")


class Database:
    """Tables of a file, read row by row as mappings."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        # Views are left alone: a view can compute for ever.
        self.tables = frozenset(str(name) for (name,) in found)

    def rows(self, table: str, order: str = "") -> list[dict[str, Any]]:
        """Return all rows of a table, none when there is no such table.

        :param table: a name written in our code, never one from the file.
        :param order: column to order by; the file's own order when left out.
        """
        if table not in self.tables:
            return []
        query = f'SELECT * FROM "{table}"' + (f' ORDER BY "{order}"' if order else "")
        cursor = self._connection.execute(query)
        names = [str(column[0]) for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


@contextmanager
def open_copy(path: Path, needed: frozenset[str], tool: str) -> Iterator[Database]:
    """Open a copy of a database, so that the researcher's file stays as it is even while it is open.

    :param path: the file.
    :param needed: tables without which it is no file of this tool.
    :param tool: name of the tool, for errors.
    :raises CodingError: when it is missing, too large, damaged, or of something else.
    """
    if not path.is_file():
        raise CodingError("coding_missing", str(path))
    if path.stat().st_size > LARGEST_MB * MEGABYTE:
        raise CodingError("readers_oversized", path.name, limit=LARGEST_MB)
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise CodingError("readers_not_database", path.name, tool=tool)
    with TemporaryDirectory(prefix="kotaku-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(path, copy)
        for suffix in _BESIDE:
            beside = path.with_name(path.name + suffix)
            if beside.is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + suffix))
        try:
            with closing(_connect(copy)) as connection:
                database = Database(connection)
                if not needed <= database.tables:
                    raise CodingError("readers_other_database", path.name, tool=tool)
                yield database
        except (sqlite3.Error, KeyError) as problem:  # KeyError: a column that every version has
            raise CodingError("readers_damaged", path.name, detail=str(problem)) from problem


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.text_factory = lambda data: data.decode("utf-8", errors="replace")
    return connection
