"""The case as another would have written it: a variant's changes put in, its missing sources taken out."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from tocsin.case.model import Case, Variant
from tocsin.errors import TocsinError

# What a variant may change: lists of things with a name of their own.
_NAMED_BY = {"fronts": ("from", "to"), "ties": ("from", "to"), "threats": ("by", "against")}


class VariantError(TocsinError, ValueError):
    """A variant that the case does not have, or a change that cannot be made."""


def name_of(kind: str, item: dict[str, Any]) -> str:
    """What an item of a list is called in a variant: its id, or `a -> b` for fronts, ties and threats."""
    keys = _NAMED_BY.get(kind, ("id",))
    return " -> ".join(str(item.get(key, "")) for key in keys)


def in_variant(case: Case, variant: str) -> Case:
    """The case in one of its views.

    Parameters
    ----------
    case : a checked case
    variant : id of one of its variants

    Returns
    -------
    a case without variants of its own, checked for form

    Raises
    ------
    VariantError if the case has no such variant, or a change in it cannot be made
    """
    chosen = next((v for v in case.variants if v.id == variant), None)
    if chosen is None:
        has = ", ".join(v.id for v in case.variants) or "none"
        raise VariantError(f"found the variant {variant!r}; expected one of the case's: {has}")
    return changed(case, chosen)


def changed(case: Case, variant: Variant) -> Case:
    """The case with a variant's changes made; see `in_variant`."""
    data = case.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["variants"] = []
    for path, value in variant.change.items():
        _put(data, path, value)
    kept = {s["id"] for s in data.get("sources", ()) if s["id"] not in variant.without}
    if variant.only is not None:
        kept &= set(variant.only)
    data["sources"] = [s for s in data.get("sources", ()) if s["id"] in kept]
    data["reports"] = [r for r in data.get("reports", ()) if r["source"] in kept]
    data["collectors"] = [
        c for c in data.get("collectors", ()) if c.get("source") is None or c["source"] in kept
    ]
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VariantError(f"the variant {variant.id!r} makes {where} wrong: {first['msg']}") from None


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    kind, _, rest = path.partition(".")
    name, _, field = rest.partition(".")
    if not field:
        raise VariantError(f"found {path!r}; expected kind.id.field, e.g. actors.russia.dispositions")
    items = data.get(kind)
    if not isinstance(items, list):
        raise VariantError(f"found {kind!r} in {path!r}; expected a list of the case, e.g. actors")
    found = [item for item in items if name_of(kind, item) == name]
    if not found:
        raise VariantError(f"found {name!r} in {path!r}, which the case has not among its {kind}")
    for item in found:
        *way, last = field.split(".")
        inner = item
        for key in way:
            inner = inner.setdefault(key, {})
        inner[last] = value


__all__ = ["VariantError", "changed", "in_variant", "name_of"]
