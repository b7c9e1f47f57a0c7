"""Files of a case written all together or not at all, and only over what was there when somebody looked."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tocsin.errors import TocsinError


class ConflictError(TocsinError, ValueError):
    """A file that is no longer the one that was looked at; nothing was written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"found another {name} than the one that was previewed; expected the same file")
        self.name = name


def digest_of(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def write_files(folder: Path, before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> None:
    """Write files of a folder: each whole, all of them or none.

    Each is written beside its place and put there by renaming, so that whoever reads meanwhile finds the old
    or the new file and never half of one. Permissions stay as they are.

    Parameters
    ----------
    before : what each file held when it was looked at; None if it was not there
    after : what each shall hold

    Raises
    ------
    ConflictError if one holds something else by now, or is a link; OSError if the disk refuses
    """
    waiting: dict[str, Path] = {}
    replaced: list[str] = []
    try:
        for name, data in after.items():
            waiting[name] = _beside(folder / name, data, _mode(folder, name, before[name]))
        for name in after:
            _mode(folder, name, before[name])
        for name, path in waiting.items():
            path.replace(folder / name)
            replaced.append(name)
    except BaseException:
        for name in replaced:
            _put_back(folder / name, before[name])
        raise
    finally:
        for path in waiting.values():
            with suppress(FileNotFoundError):
                path.unlink()
    _sync(folder)


def _mode(folder: Path, name: str, before: bytes | None) -> int | None:
    """The permissions of a file that still is as it was; None if it still is not there."""
    path = folder / name
    try:
        found = path.lstat()
    except FileNotFoundError:
        if before is None:
            return None
        raise ConflictError(name) from None
    if before is None or not stat.S_ISREG(found.st_mode) or path.read_bytes() != before:
        raise ConflictError(name)
    return stat.S_IMODE(found.st_mode)


def _beside(path: Path, data: bytes, mode: int | None) -> Path:
    """A file with the data, on the disk for good, beside the one that it will replace."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        with os.fdopen(os.open(fresh, flags, 0o666), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            fresh.chmod(mode)
    except BaseException:
        with suppress(FileNotFoundError):
            fresh.unlink()
        raise
    return fresh


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        _beside(path, before, stat.S_IMODE(path.lstat().st_mode)).replace(path)


def _sync(folder: Path) -> None:
    """Have the renaming itself on the disk, where a folder can be opened for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


__all__ = ["ConflictError", "digest_of", "write_files"]
