"""Moves a ledger to the present form when it is opened; run by `tocsin.ledger.store`, under its lock."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tocsin.ledger.tables import VERSION_TABLE

__all__ = ["scripts", "upgrade"]


def scripts() -> ScriptDirectory:
    """The revisions that this version of tocsin knows."""
    return ScriptDirectory(str(Path(__file__).parent))


def upgrade(connection: sa.Connection, target: str = "head") -> None:
    """Bring the store to a form, within the connection's transaction: all of it or nothing.

    Parameters
    ----------
    connection : one that holds the ledger's write lock
    target : a revision; the newest if left out
    """
    directory = scripts()

    def steps(revision: str, _: MigrationContext) -> object:
        return directory._upgrade_revs(target, revision)

    # No env.py: it would be a module that can only be imported by alembic's own command.
    with EnvironmentContext(Config(), directory, fn=steps) as environment:
        environment.configure(
            connection=connection,
            version_table=VERSION_TABLE,
            transactional_ddl=True,
            transaction_per_migration=False,
        )
        environment.run_migrations()
