"""``tocsin schema``: print the JSON Schema of a case's files."""

from __future__ import annotations

import json

import click

# As in `tocsin.case.schema.NAMES`, which takes the models to import; a test compares the two.
FILE_NAMES = (
    "case",
    "indicators",
    "sources",
    "levers",
    "reports",
    "collectors",
    "outcomes",
    "truth",
    "variants",
)


@click.command()
@click.option("--file", "name", type=click.Choice(FILE_NAMES), help="Only that of one file.")
def schema(name: str | None) -> None:
    """Print the JSON Schema of a case's files, which gives editors completion and help.

    Without --file it is one schema that any of the files meets.
    """
    from tocsin.case.schema import combined_schema, file_schema

    click.echo(json.dumps(file_schema(name) if name else combined_schema(), indent=2, ensure_ascii=False))
