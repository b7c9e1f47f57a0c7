"""The addresses under which a case's variants are seen, and changes are written back into its files.

Nothing is ever written that was not shown before: a preview gives the difference in every file and its digest
as it is now, and to write is to send these digests back. The files are written only if they still have them.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from pydantic import Field, JsonValue, StringConstraints

from tocsin.case.change import places
from tocsin.case.edit import Edited, EditError, edit_case, merged, save_variant
from tocsin.case.model import Case, Variant
from tocsin.case.read.folder import decode, read_bytes
from tocsin.web import values
from tocsin.web.asks import Changes, Name, Without
from tocsin.web.files import ConflictError, digest_of, write_files
from tocsin.web.refusal import Refused
from tocsin.web.routes import REFUSED, InFolder
from tocsin.web.values import Value
from tocsin.web.viewing import faults_of
from tocsin.web.workspace import Folder

VariantId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
LongText = Annotated[str, StringConstraints(max_length=4000)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
CONTEXT_LINES = 3

router = APIRouter(prefix="/api", responses=REFUSED)


class Edit(Value):
    """Changes to be written into a case's files."""

    as_: Literal["variant", "case"] = Field(
        alias="as", description="as one more view of the case, or into the case itself"
    )
    variant: Name | None = Field(
        None, description="id of the view on top of which they were made; the case as written if left out"
    )
    id: VariantId | None = Field(None, description="of the view to be saved; not for the case")
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="whose view it is, in a few words; not for the case"
    )
    text: LongText = Field("", description="what it holds, and on what record; not for the case")
    replace: bool = Field(False, description="whether it may take the place of a view of the same id")
    changes: Changes
    without: Without = ()


class Write(Edit):
    """Changes that were previewed, to be written now."""

    before: dict[Name, Digest | None] = Field(
        max_length=20, description="digest of each file as previewed; null for one that was not there"
    )


class FileEdit(Value):
    """What would be different in one file."""

    name: str = Field(description="within the case's folder")
    diff: tuple[str, ...] = Field(description="unified difference, old to new, line by line")
    before: str | None = Field(description="SHA-256 of the file as it is now; null if it is not there")


class Preview(Value):
    """What writing would do; nothing was written."""

    files: tuple[FileEdit, ...] = Field(description="those that would change; none if nothing would")
    sound: bool = Field(description="whether the result is a case; if not, it cannot be written")
    faults: tuple[values.Fault, ...] = Field(description="of the result, warnings too")


class Written(Value):
    """What was written."""

    files: tuple[str, ...] = Field(description="names of the files that were written")
    digest: str = Field(description="of the case as it now reads")


class Difference(Value):
    """One thing that a view holds otherwise than the case."""

    path: str = Field(description="`kind.id.field`, as the view writes it")
    before: JsonValue = Field(description="what the case holds there; null if nothing")
    after: JsonValue = Field(description="what the view holds there; null if it takes it away")


class VariantView(Value):
    """A view of the case, and where it differs."""

    id: str = Field(description="the name by which it is asked for")
    name: str = Field(description="whose view it is, in a few words")
    text: str = Field(description="what it holds, and on what record")
    differences: tuple[Difference, ...] = Field(description="in the order in which it writes them")
    without: tuple[str, ...] = Field(description="sources that it does not have")
    only: tuple[str, ...] | None = Field(description="the only sources it has; null if all")


class Variants(Value):
    """The other views of a case."""

    digest: str = Field(description="of the reading that they are of")
    variants: tuple[VariantView, ...] = Field(description="in the case's order")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The bytes of the files that an edit changes, before and after, and how the result reads."""

    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes]
    edited: Edited


@router.get("/cases/{case}/variants")
def variants(folder: InFolder) -> Variants:
    """The other views of a case, with everything that they hold otherwise."""
    reading = folder.reading
    tree = reading.case.model_dump(mode="json", by_alias=True)
    return Variants(
        digest=reading.digest,
        variants=tuple(
            VariantView(
                id=one.id,
                name=one.name,
                text=one.text,
                differences=tuple(
                    Difference(path=path, before=_at(tree, path), after=after)
                    for path, after in one.change.items()
                ),
                without=one.without,
                only=one.only,
            )
            for one in reading.case.variants
        ),
    )


@router.post("/cases/{case}/edits")
def preview_edit(folder: InFolder, edit: Annotated[Edit, Body()]) -> Preview:
    """What writing these changes would do to the case's files; writes nothing."""
    plan = _plan(folder, edit)
    return Preview(
        files=tuple(
            FileEdit(name=name, diff=_diff(name, plan.before[name], data), before=_digest(plan.before[name]))
            for name, data in plan.after.items()
        ),
        sound=plan.edited.case is not None,
        faults=faults_of(plan.edited.faults),
    )


@router.post("/cases/{case}/edits/write")
def write_edit(folder: InFolder, edit: Annotated[Write, Body()]) -> Written:
    """Write changes that were previewed: all files or none; 409 if one is no longer as it was previewed."""
    with folder.writing:
        plan = _plan(folder, edit)
        now = {name: _digest(plan.before[name]) for name in plan.after}
        changed = sorted(name for name in now.keys() | edit.before.keys() if _differs(name, now, edit.before))
        if changed:
            raise _conflict(changed[0])
        faults = [fault for fault in plan.edited.faults if fault.severity == "fault"]
        if faults:
            raise Refused(
                422,
                found=faults[0].found,
                expected=faults[0].expected,
                mend=faults[0].mend,
                where=f"{faults[0].place}  {faults[0].where}",
            )
        try:
            write_files(folder.path, plan.before, plan.after)
        except ConflictError as error:
            raise _conflict(error.name) from None
        except OSError as error:
            raise Refused(
                507 if error.errno == 28 else 403,
                found=f"a disk that refuses ({error.strerror})",
                expected="a folder that can be written",
                mend="check the permissions and the room of the case's folder",
            ) from None
    folder.refresh()
    return Written(files=tuple(plan.after), digest=folder.reading.digest)


def _plan(folder: Folder, edit: Edit) -> _Plan:
    data, unread = read_bytes(folder.path)
    texts = {}
    for name, content in data.items():
        text = decode(name, content)
        if isinstance(text, str):
            # To the byte: what was decoded may have lost its byte order mark.
            texts[name] = content.decode("utf-8")
        else:
            unread.append(text)
    if unread:
        raise Refused(
            409,
            found=unread[0].found,
            expected=unread[0].expected,
            mend=unread[0].mend,
            where=unread[0].file,
        )
    try:
        edited = _edited(texts, folder.reading.case, edit)
    except EditError as error:
        raise Refused(
            422, found=error.found, expected=error.expected, mend=error.mend, where=error.where
        ) from None
    return _Plan(
        before={name: data.get(name) for name in edited.texts},
        after={name: text.encode("utf-8") for name, text in edited.texts.items()},
        edited=edited,
    )


def _edited(texts: Mapping[str, str], case: Case, edit: Edit) -> Edited:
    base = _base(case, edit)
    changes: dict[str, Any] = {**edit.changes, **{f"reports.{report}": None for report in edit.without}}
    changes = merged(base.change if base is not None else {}, changes)
    if edit.as_ == "case":
        if base is not None and (base.without or base.only is not None):
            raise EditError(
                found=f"the view {base.id!r}, which leaves sources out",
                expected="changes of what the case says",
                mend="save it as a view of its own",
                where="variant",
            )
        return edit_case(texts, changes)
    if edit.id is None or edit.name is None:
        raise EditError(
            found="a view without an id or a name",
            expected="both",
            mend="name it",
            where="id" if edit.id is None else "name",
        )
    kept = {} if base is None else {"without": list(base.without), "only": base.only and list(base.only)}
    fields = {"id": edit.id, "name": edit.name, "text": edit.text, "change": changes, **kept}
    return save_variant(texts, fields, replace=edit.replace)


def _base(case: Case, edit: Edit) -> Variant | None:
    if edit.variant is None:
        return None
    found = next((one for one in case.variants if one.id == edit.variant), None)
    if found is None:
        raise EditError(
            found=f"the view {edit.variant!r}",
            expected=f"one of the case's: {', '.join(one.id for one in case.variants) or 'none'}",
            mend="name one of those",
            where="variant",
        )
    return found


def _at(tree: dict[str, Any], change: str) -> JsonValue:
    """What stands at the place that a change names; nothing if nothing does."""
    steps = change.split(".")
    found = next(iter(places(tree, change)), ())
    if len(found) != len(steps):
        return None
    node: Any = tree
    for step in found:
        node = node[step]
    value: JsonValue = node
    return value


def _digest(data: bytes | None) -> str | None:
    return None if data is None else digest_of(data)


def _differs(name: str, one: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    return name not in one or name not in other or one[name] != other[name]


def _conflict(name: str) -> Refused:
    return Refused(
        409,
        found=f"another {name} than the one that was previewed",
        expected="the same file",
        mend="look at the preview again",
        where=name,
    )


def _diff(name: str, before: bytes | None, after: bytes) -> tuple[str, ...]:
    """The difference as `diff -u` writes it, without line ends."""
    old, new = (list(io.StringIO(data.decode("utf-8"), newline="")) for data in (before or b"", after))
    lines = difflib.unified_diff(old, new, name if before is not None else "/dev/null", name, n=CONTEXT_LINES)
    told: list[str] = []
    for line in lines:
        told.append(line.rstrip("\r\n"))
        if line == told[-1]:
            told.append("\\ No newline at end of file")
    return tuple(told)
