"""Views that show forecasts, resolutions and reports in columns, for whoever reads the ledger with SQL."""

from __future__ import annotations

from alembic import op

revision = "form2"
down_revision = "form1"
branch_labels = None
depends_on = None

# view: (kind of row, name of the subject, text columns, other columns with their type)
VIEWS: dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]] = {
    "ledger_forecasts": (
        "forecast",
        "question",
        ("author", "as_of", "closes", "text", "rule", "case_digest", "version", "confidence"),
        {
            "probability": "double precision",
            "mc_error": "double precision",
            "base_rate": "double precision",
            "seed": "bigint",
        },
    ),
    "ledger_resolutions": (
        "resolution",
        "question",
        ("outcome", "on", "source", "rule", "note", "because", "supersedes"),
        {},
    ),
    "ledger_reports": (
        "report",
        "subject",
        ("source", "resolved_on", "why", "because", "supersedes"),
        {"right": "boolean"},
    ),
}


def upgrade() -> None:
    """Make the views."""
    lite = op.get_bind().dialect.name == "sqlite"
    for view, (kind, subject, texts, others) in VIEWS.items():
        columns = ["number", f'subject AS "{subject}"', "recorded"]
        for name in texts:
            value = f"json_extract(body, '$.{name}')" if lite else f"body::json ->> '{name}'"
            columns.append(f'{value} AS "{name}"')
        for name, sort in others.items():
            value = f"json_extract(body, '$.{name}')" if lite else f"(body::json ->> '{name}')::{sort}"
            columns.append(f'{value} AS "{name}"')
        op.execute(
            f"CREATE VIEW {view} AS SELECT {', '.join(columns)}, hash "
            f"FROM ledger_entries WHERE kind = '{kind}'"
        )
