"""``tocsin events``: files of real events into one store, counted, read as postures, and told to a case."""

from __future__ import annotations

from typing import ClassVar

import click

from tocsin.cli.main import LazyGroup

# name: (module:function, short help)
EVENTS: dict[str, tuple[str, str]] = {
    "import": ("tocsin.cli.events_store:import_", "Read files of events into a store, each once."),
    "summary": ("tocsin.cli.events_store:summary", "Count what a store holds and what was refused."),
    "refused": ("tocsin.cli.events_store:refused", "Write every refused row with its reason."),
    "postures": ("tocsin.cli.events_postures:postures", "Read the posture of each front, step by step."),
    "counts": ("tocsin.cli.events_postures:counts", "Count events by step, pair and code."),
    "reports": ("tocsin.cli.events_reports:reports", "Turn a store's events into a case's reports."),
}


class Events(LazyGroup):
    """The group of event commands; one is imported when it is run."""

    table: ClassVar[dict[str, tuple[str, str]]] = EVENTS


@click.group(cls=Events)
def events() -> None:
    """Bring in real events from the feeds of the field, and read them as postures.

    Formats: ucdp-ged, acled, gdelt, keds, keds-weis, icews, polecat. Rows that cannot be used are refused one
    by one, counted and kept with their reason. What a feed's codes say of a posture is a noisy reading, and
    every reading comes with how such readings mislead.
    """
