"""Read a case's folder: the only part of tocsin that knows YAML and CSV.

Text becomes plain trees with positions, the trees become one `Case`, the case is checked, and every
fault of every file comes back with its line and column.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from tocsin.case.check import Finding, check
from tocsin.case.check.explain import explain, misplaced
from tocsin.case.faults import CheckError, Fault, Path, ReadError, dotted, in_reading_order
from tocsin.case.files import CASE_FILE, FILES, HOMES, home
from tocsin.case.model import Case
from tocsin.case.read.csv_file import read_csv
from tocsin.case.read.document import Document
from tocsin.case.read.folder import read_texts
from tocsin.case.read.partial import remainder
from tocsin.case.read.yaml_file import read_yaml

__all__ = ["load", "read", "read_from"]


def load(path: str | os.PathLike[str]) -> Case:
    """The case in a folder, checked.

    Parameters
    ----------
    path : folder that holds ``case.yaml``

    Raises
    ------
    ReadError if the text is not a case, CheckError if what it says cannot be; either carries every fault

    Examples
    --------
    >>> load("no-such-folder")
    Traceback (most recent call last):
    tocsin.case.faults.ReadError: no-such-folder
      found no such folder; expected the folder of a case
      mend: check the path, or run `tocsin new DIR`
    """
    case, faults, has_form = _read(FilePath(path))
    if case is None:
        raise (CheckError if has_form else ReadError)(faults)
    return case


def read(path: str | os.PathLike[str]) -> tuple[Case | None, tuple[Fault, ...]]:
    """The case in a folder, or None, and every fault and warning in reading order.

    Warnings come with a case; a fault leaves none.
    """
    case, faults, _ = _read(FilePath(path))
    return case, faults


def read_from(texts: Mapping[str, str]) -> tuple[Case | None, tuple[Fault, ...]]:
    """The case that texts make, by the name of each file, as `read` would give it from a folder."""
    case, faults, _ = _understood(texts, set(), [])
    return case, faults


def _read(folder: FilePath) -> tuple[Case | None, tuple[Fault, ...], bool]:
    return _understood(*read_texts(folder))


def _understood(
    texts: Mapping[str, str], unread: set[str], faults: list[Fault]
) -> tuple[Case | None, tuple[Fault, ...], bool]:
    files = _Files()
    for name, text in texts.items():
        document, found = read_csv(name, text) if name.endswith(".csv") else read_yaml(name, text)
        faults.extend(found)
        if document is None:
            unread.add(name)
            continue
        if found and name.endswith(".csv"):
            files.lost.add("reports")  # a row at fault is left out: its name may be any
        faults.extend(files.add(document))
    if CASE_FILE in unread:
        return None, in_reading_order(faults, FILES), False
    missing = files.lost | {key for key, names in HOMES.items() if unread.intersection(names)}
    case, problems = _validated(files.tree)
    faulted = {fault.where for fault in faults}
    faults.extend(files.fault(p) for p in problems if dotted(p.path) not in faulted)
    has_form = not faults
    rest = remainder(files.tree, [p.path for p in problems], missing)
    if rest is not None:
        whole = case if case is not None and not rest.kept else _validated(rest.tree)[0]
        if whole is not None:
            for finding in check(whole, rest.presumed):
                faults.append(files.fault(finding, rest.original(finding.path)))
    if any(fault.severity == "fault" for fault in faults):
        case = None
    return case, in_reading_order(faults, FILES), has_form


def _validated(tree: dict[str, Any]) -> tuple[Case | None, list[Finding]]:
    try:
        # JSON: strict mode then reads lists as tuples and text as dates, and still guesses at nothing.
        return Case.model_validate_json(json.dumps(tree), strict=True), []
    except ValidationError as error:
        return None, explain(error.errors(include_url=False, include_input=False), tree)


class _Files:
    """The files of a case as one tree, and the way back from a path to a file's line."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        # Keys whose values stand under another name or in another file: not to be missed a second time.
        self.lost: set[str] = set()
        self._owners: dict[str, Document] = {}
        self._documents: dict[str, Document] = {}

    def add(self, document: Document) -> list[Fault]:
        """Take a document in; faults for keys that another file holds."""
        self._documents[document.file] = document
        faults = []
        for key, value in document.tree.items():
            if document.file in HOMES.get(key, (CASE_FILE,)) and key in Case.model_fields:
                self.tree[key] = value
                self._owners[key] = document
            else:
                place = document.locate((key,), key=True)
                faults.append(misplaced(document.file, key).fault(document.file, place))
                self.lost.update(difflib.get_close_matches(key, Case.model_fields, n=1))
        return faults

    def place(self, path: Path, *, key: bool = False) -> tuple[str, tuple[int, int] | None]:
        """File, and line and column within it, of a path in the case."""
        name = str(path[0]) if path else CASE_FILE
        document = self._owners.get(name) or self._documents.get(home(name))
        return (document.file, document.locate(path, key=key)) if document else (home(name), None)

    def fault(self, finding: Finding, path: Path | None = None) -> Fault:
        """A finding at its place; `path` where the files number its items differently."""
        path = finding.path if path is None else path
        return finding.fault(*self.place(path, key=finding.at_key), path)
