"""The chain: one table of entries, which the database itself refuses to change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "form1"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the ledger is append-only: its rows are neither changed nor deleted"
OUT_OF_CHAIN = "the ledger is a chain: a row must follow the last one"
GENESIS = "0" * 64

SQLITE = (
    f"""CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # Also keeps INSERT OR REPLACE out, which deletes without asking the trigger above.
    f"""CREATE TRIGGER ledger_entries_chained BEFORE INSERT ON ledger_entries
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM ledger_entries)
      OR NEW.previous IS NOT
        coalesce((SELECT hash FROM ledger_entries ORDER BY number DESC LIMIT 1), '{GENESIS}')
    BEGIN SELECT RAISE(ABORT, '{OUT_OF_CHAIN}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    # The table is named by the trigger, for the caller's search path may not hold its schema.
    f"""CREATE FUNCTION ledger_chained() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last_number bigint; last_hash text;
    BEGIN
      EXECUTE format(
        'SELECT number, hash FROM %I.%I ORDER BY number DESC LIMIT 1', TG_TABLE_SCHEMA, TG_TABLE_NAME
      ) INTO last_number, last_hash;
      IF NEW.number <> coalesce(last_number, 0) + 1 OR NEW.previous <> coalesce(last_hash, '{GENESIS}') THEN
        RAISE EXCEPTION '{OUT_OF_CHAIN}';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER ledger_entries_no_change BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
    """CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
    """CREATE TRIGGER ledger_entries_chained BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_chained()""",
)


def upgrade() -> None:
    """Make the table, its index and its guards."""
    # Written out here and not taken from `tables`, which may move on while this form stays what it was.
    op.create_table(
        "ledger_entries",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_index("ledger_entries_by_subject", "ledger_entries", ["subject", "kind"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
