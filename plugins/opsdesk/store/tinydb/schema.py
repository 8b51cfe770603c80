"""The version of the files' inner form, and how older files are read."""

from collections.abc import Callable
from typing import Any

from opsdesk.errors import UserError

Plain = dict[str, dict[str, dict[str, Any]]]

SCHEMA = 2
NAMED = 2  # from this schema on a file's checksum is of its name, too; its tables are the same as before

# A change of the files' form raises SCHEMA and adds, under the old number, a pure function from a
# file's tables (table, id, row) to those of the next schema, and a sample of the old form to the tests.
UPGRADES: dict[int, Callable[[Plain], Plain]] = {1: lambda tables: tables}


class NewerSchema(UserError):
    """A file was written by a newer desk. Nothing was touched."""


def upgraded(tables: Plain, schema: int) -> Plain:
    """Return the tables of a file of an older schema as they would be in today's. Raises NewerSchema."""
    if schema > SCHEMA:
        raise NewerSchema(
            f"The stored records have schema {schema}; this desk reads up to {SCHEMA}. Start the newer desk again."
        )
    for older in range(schema, SCHEMA):
        tables = UPGRADES[older](tables)
    return tables
