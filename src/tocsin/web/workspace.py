"""The case folders that are served: each one's last good reading, and what is wrong with its files now.

Nothing but these folders is ever read, and of each only the files that make a case (`tocsin.case.read`); a
store of events that a case names must lie within its folder, unless whoever serves it names the store.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tocsin.case.faults import Fault
from tocsin.case.files import FILES
from tocsin.case.known import digest
from tocsin.case.model import Case
from tocsin.case.read import read
from tocsin.errors import TocsinError
from tocsin.web.bell import Bell
from tocsin.web.refusal import Refused, problem_of

LOG = logging.getLogger("tocsin.web")
# Editors write a file in several steps; what comes within so many milliseconds is one change.
SETTLED_MS = 200
GONE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A case as its files once said it, and which it was."""

    case: Case
    digest: str  # of all that it says, stores of events included


class Folder:
    """One case's folder, read again whenever its files change."""

    def __init__(self, id: str, path: Path, store: Path | None = None) -> None:  # noqa: A002 - a case's id
        self.id = id
        self.path = path
        self.bell = Bell()
        # Held by whoever writes into the folder.
        self.writing = threading.Lock()
        self._store = store
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._faults: tuple[Fault, ...] = ()
        self._texts = ""
        self.refresh()

    @property
    def reading(self) -> Reading:
        """The last good one.

        Raises
        ------
        Refused if the case could not be read even once
        """
        with self._lock:
            if self._reading is not None:
                return self._reading
            first = next(fault for fault in self._faults if fault.severity == "fault")
        raise Refused(
            409,
            found=f"{first.place}: {first.found}",
            expected="a case that was read at least once",
            mend=first.mend,
            where=first.where or first.file,
        )

    @property
    def state(self) -> tuple[Reading | None, tuple[Fault, ...]]:
        """The last good reading if there is one, and the faults and warnings of the files as they are now."""
        with self._lock:
            return self._reading, self._faults

    def refresh(self) -> bool:
        """Read the files anew; whether anything is otherwise than it was. From any thread."""
        case, faults = read(self.path)
        if case is not None:
            case, faults = self._heard(case, faults)
        reading = None if case is None else Reading(case=case, digest=digest(case))
        with self._lock:
            before = (self._reading, self._faults)
            if reading is not None and (self._reading is None or self._reading.digest != reading.digest):
                self._reading = reading
            self._faults = faults
            changed = before != (self._reading, self._faults)
        if changed:
            self.bell.ring()
        return changed

    def _heard(self, case: Case, faults: tuple[Fault, ...]) -> tuple[Case | None, tuple[Fault, ...]]:
        """The case with what its stores of events say, or the fault that keeps them from being heard."""
        if all(source.store is None for source in case.sources):
            return case, faults
        from tocsin.web.stores import heard

        try:
            return heard(case, self.path, self._store), faults
        except TocsinError as error:
            told = problem_of(error)
            fault = Fault(
                file="sources.yaml",
                line=None,
                column=None,
                where="sources",
                found=told.found,
                expected=told.expected,
                mend=told.mend,
            )
            return None, (*faults, fault)


def named(folders: Iterable[Path]) -> Mapping[str, Path]:
    """An id for each folder: its name, and a number where two are named alike.

    Examples
    --------
    >>> list(named([Path("a/Lebanon 2023"), Path("b/lebanon-2023"), Path("…")]))
    ['lebanon-2023', 'lebanon-2023-2', 'case']
    """
    found: dict[str, Path] = {}
    for folder in folders:
        plain = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")[:64] or "case"
        name, number = plain, 1
        while name in found:
            number += 1
            name = f"{plain}-{number}"
        found[name] = folder
    return found


class Workspace:
    """The folders that are served, by the ids under which they are.

    Parameters
    ----------
    folders : of cases, each once
    store : of events, for the sources that have one; else the file within the folder that each names
    """

    def __init__(self, folders: Iterable[Path], *, store: Path | None = None) -> None:
        self.folders: Mapping[str, Folder] = {
            name: Folder(name, path, store)
            for name, path in named(dict.fromkeys(folder.resolve() for folder in folders)).items()
        }

    def folder(self, case: str) -> Folder:
        """The folder of a case.

        Raises
        ------
        Refused if there is none of that id
        """
        found = self.folders.get(case)
        if found is None:
            raise Refused(
                404,
                found=f"the case {case!r}",
                expected=f"one of {', '.join(self.folders) or 'none at all'}",
                mend="see /api/cases for those that are served",
                where="case",
            )
        return found

    async def follow(self) -> None:
        """Read each folder again whenever its files change, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for folder in self.folders.values():
                group.create_task(_follow(folder))


async def _follow(folder: Folder) -> None:
    from watchfiles import awatch

    polling = None  # only if it must
    while True:
        # Whatever changed while nobody watched.
        await asyncio.to_thread(folder.refresh)
        try:
            watched = awatch(folder.path, debounce=SETTLED_MS, recursive=False, force_polling=polling)
            async for changes in watched:
                if any(Path(path).name in FILES or Path(path) == folder.path for _, path in changes):
                    await asyncio.to_thread(folder.refresh)
                if not folder.path.is_dir():
                    break
        except FileNotFoundError:
            pass  # it may come back
        except (OSError, RuntimeError) as error:
            # The system watches only so many files for one user; looking now and then needs no such favour.
            LOG.warning("%s cannot be watched (%s) and is looked at now and then", folder.path, error)
            polling = True
        await asyncio.sleep(GONE_SECONDS)
