"""Take the text of a case's files from disk, within bounds and without following links.

A case comes from someone else as often as not: nothing in it is executed, no name in it opens a
file, a link is never followed, and what is read is bounded before it is parsed.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from tocsin.case.faults import Fault
from tocsin.case.files import FILES

LARGEST_FILE_BYTES = 16 * 1024 * 1024
_LARGEST = f"{LARGEST_FILE_BYTES >> 20} MiB"


def read_texts(folder: Path) -> tuple[dict[str, str], set[str], list[Fault]]:
    """Text by file name, the names that are there but could not be taken, and why."""
    texts: dict[str, str] = {}
    unread: set[str] = set()
    try:
        # Asked once: a folder may go while it is read.
        names = sorted(entry.name for entry in os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return texts, set(FILES), [_no_folder(folder)]
    except OSError as error:
        return texts, set(FILES), [_closed_folder(folder, error)]
    faults = _near_names(names)
    for name in FILES:
        taken = _text(folder / name)
        if isinstance(taken, Fault):
            faults.append(taken)
            unread.add(name)
        elif taken is not None:
            texts[name] = taken
    if "case.yaml" not in texts and "case.yaml" not in unread:
        unread.add("case.yaml")
        faults.append(
            whole_file(
                "case.yaml",
                "no such file",
                "a case.yaml in every case",
                "run `tocsin new DIR` for a case to start from",
            )
        )
    if "reports.csv" in texts and "reports.yaml" in texts:
        faults.append(
            whole_file(
                "reports.yaml",
                "reports.csv beside it",
                "reports in one place",
                "move the reports of one file into the other",
            )
        )
        del texts["reports.yaml"]
    return texts, unread, faults


def whole_file(file: str, found: str, expected: str, mend: str) -> Fault:
    """A fault of a file as a whole."""
    return Fault(file=file, line=None, column=None, where="", found=found, expected=expected, mend=mend)


def _no_folder(folder: Path) -> Fault:
    name = folder.name or str(folder)
    if folder.is_file():
        return whole_file(name, "a file", "the folder of a case", "give the folder that holds case.yaml")
    return whole_file(
        name, "no such folder", "the folder of a case", "check the path, or run `tocsin new DIR`"
    )


def _closed_folder(folder: Path, error: OSError) -> Fault:
    return whole_file(
        folder.name or str(folder),
        f"a folder that cannot be opened ({error.strerror})",
        "the folder of a case",
        "let it be read",
    )


def _near_names(names: Iterable[str]) -> list[Fault]:
    """A file that was surely meant to be read is a fault: evidence must not go missing for its spelling."""
    faults = []
    for name in names:
        if name in FILES or not name.lower().endswith((".yaml", ".yml", ".csv")):
            continue
        near = difflib.get_close_matches(name.lower(), FILES, n=1, cutoff=0.8)
        if near:
            faults.append(whole_file(name, "a file that is not read", near[0], f"rename it to {near[0]}"))
    return faults


def read_bytes(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """What a case's files hold, to the byte, by name; and why some could not be taken."""
    taken = {name: _bytes(folder / name) for name in FILES}
    found = {name: data for name, data in taken.items() if isinstance(data, bytes)}
    return found, [fault for fault in taken.values() if isinstance(fault, Fault)]


def _text(path: Path) -> str | Fault | None:
    data = _bytes(path)
    return decode(path.name, data) if isinstance(data, bytes) else data


def _bytes(path: Path) -> bytes | Fault | None:
    name = path.name
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        return whole_file(
            name, "a link", "a file within the case's folder", "put the file itself into the folder"
        )
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "something that is not a file"
        return whole_file(name, kind, "a file", "put a file of text in its place")
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        return whole_file(
            name,
            f"a file that cannot be opened ({error.strerror})",
            "a readable file",
            "check its permissions",
        )


def decode(name: str, data: bytes) -> str | Fault:
    """Bytes to text, or the fault that keeps them from being text.

    Examples
    --------
    >>> decode("case.yaml", b"tocsin: 1")
    'tocsin: 1'
    >>> print(decode("case.yaml", b"tocsin: 1" + bytes([10, 255])))
    case.yaml:2:1
      found the byte 0xff; expected text in UTF-8
      mend: save the file as UTF-8
    """
    if len(data) > LARGEST_FILE_BYTES:
        return whole_file(
            name, f"more than {_LARGEST}", f"at most {_LARGEST}", "leave out what the case does not need"
        )
    if b"\0" in data:
        return whole_file(name, "binary data", "text in UTF-8", "export it as text: CSV or YAML")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        return Fault(
            file=name,
            line=before.count(b"\n") + 1,
            column=len(before[line_start:].decode("utf-8", "replace")) + 1,
            where="",
            found=f"the byte 0x{data[error.start]:02x}",
            expected="text in UTF-8",
            mend="save the file as UTF-8",
        )
    if not text.strip():
        return whole_file(name, "an empty file", "text", "fill it or delete it")
    return text
