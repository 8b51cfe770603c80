"""The version of the files' inner form, and how older files are read."""

from collections.abc import Callable
from typing import Any

from opsdesk.errors import UserError

Plain = dict[str, dict[str, dict[str, Any]]]

SCHEMA = 3  # from this one on rows have additions, and the index has the numbers of what is open
NAMED = 2  # from this one on a file's checksum is of its name, too; its tables are the same as before


# A change of the files' form raises SCHEMA and adds, under the old number, a pure function from a
# file's tables (table, id, row) to those of the next schema, and a sample of the old form to the tests.
def same(tables: Plain) -> Plain:
    """Return the tables as they are: a step between two schemas whose tables differ in nothing."""
    return tables


UPGRADES: dict[int, Callable[[Plain], Plain]] = {1: same, 2: same}


class NewerSchema(UserError):
    """A file was written by a newer desk. Nothing was touched."""


def is_todays(schema: int) -> bool:
    """Return whether tables of this schema are read as today's. Raises NewerSchema, and KeyError for an unknown one."""
    return all(step is same for step in _steps(schema))


def upgraded(tables: Plain, schema: int) -> Plain:
    """Return the tables of a file of an older schema as they would be in today's. Raises as `is_todays` does."""
    for step in _steps(schema):
        tables = step(tables)
    return tables


def _steps(schema: int) -> list[Callable[[Plain], Plain]]:
    if schema > SCHEMA:
        raise NewerSchema(
            f"The stored records have schema {schema}; this desk reads up to {SCHEMA}. Start the newer desk again."
        )
    return [UPGRADES[older] for older in range(schema, SCHEMA)]
