"""The ledger's one table, as SQLAlchemy knows it; the migrations make it and guard it.

What a row says is kept as the text that was hashed. Views over it, made by the migrations, show forecasts and
resolutions in columns to whoever reads the ledger with SQL.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
ENTRIES = sa.Table(
    "ledger_entries",
    METADATA,
    # Given by the chain, never by the database: a sequence leaves gaps when a write is undone.
    sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("recorded", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False, unique=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
)
VERSION_TABLE = "ledger_version"
# Forms of the store, oldest first; each is a revision in `migrations`.
FORMS = ("form1", "form2")
