"""Stores of events that a served case names as sources: only those within its folder are opened."""

from __future__ import annotations

from pathlib import Path

from tocsin.ask.feeds import SourceError, fed, must_have_the_usual_ladder, spoken, with_reports, without_path
from tocsin.case.model import Case
from tocsin.events.actors import read_dictionary, usual
from tocsin.events.store import opened


def heard(case: Case, folder: Path, store: Path | None = None) -> Case:
    """The case with what its stores say, up to its end.

    Parameters
    ----------
    folder : the case's, within which the files that it names must lie
    store : given by whoever serves the case, in place of those that its sources name

    Raises
    ------
    SourceError if a file lies outside the folder or none is named, and whatever the store refuses
    """
    for source in fed(case):
        must_have_the_usual_ladder(case)
        speaks = source.store
        assert speaks is not None
        if store is None and speaks.path is None:
            raise without_path(source)
        path = store or within(folder, str(speaks.path))
        dictionary = (
            read_dictionary(within(folder, speaks.dictionary)) if speaks.dictionary is not None else usual()
        )
        with opened(path) as connection:
            case = with_reports(case, source, spoken(case, source, connection, dictionary))
    return case


def within(folder: Path, name: str) -> Path:
    """A file that a case names, which may lie nowhere but in its folder, links followed.

    Raises
    ------
    SourceError if it lies elsewhere
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SourceError(
            f"found {name!r}, which lies outside the case's folder; expected a file within it\n"
            "  mend: move it there, or serve the case with --store"
        )
    return path


__all__ = ["heard", "within"]
