"""The case as another would have written it: a variant's changes put in, its missing sources taken out.

How one change is written and made is told in `tocsin.case.change`. No change may lie within another, so that
their order makes no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import ValidationError

from tocsin.case.change import Refusal, Tree, put
from tocsin.case.model import Case, Variant
from tocsin.errors import TocsinError


class VariantError(TocsinError, ValueError):
    """A variant that the case does not have, or a change that cannot be made."""


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

    Examples
    --------
    >>> from importlib import resources
    >>> from tocsin.case.read import load
    >>> case = load(str(resources.files("tocsin.case") / "starter"))
    >>> case.actors[0].dispositions["committed"]
    0.1
    >>> in_variant(case, "worried").actors[0].dispositions["committed"]
    0.3
    >>> in_variant(case, "calm")
    Traceback (most recent call last):
    tocsin.case.variant.VariantError: found the variant 'calm'; expected one of the case's: worried
    """
    chosen = next((v for v in case.variants if v.id == variant), None)
    if chosen is None:
        has = ", ".join(v.id for v in case.variants) or "none"
        raise VariantError(f"found the variant {variant!r}; expected one of the case's: {has}")
    return changed(case, chosen)


def changed(case: Case, variant: Variant) -> Case:
    """The case with a variant's changes made; see `in_variant`."""
    tree, refusals = tree_of(case, variant)
    if refusals:
        told = "; ".join(f"{r.change}: found {r.found}; expected {r.expected}" for r in refusals)
        raise VariantError(f"the variant {variant.id!r} cannot be made: {told}")
    try:
        return validated(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VariantError(f"the variant {variant.id!r} makes {where} wrong: {first['msg']}") from None


def validated(tree: Tree) -> Case:
    """A case from plain values, as strictly as from its files."""
    return Case.model_validate_json(json.dumps(tree), strict=True)


def tree_of(case: Case, variant: Variant) -> tuple[Tree, tuple[Refusal, ...]]:
    """The case as plain values with a variant's changes made, and the changes that cannot be."""
    tree = case.model_dump(mode="json", by_alias=True)
    tree["variants"] = []
    refusals = []
    for change, value in variant.change.items():
        refusal = _overlap(change, variant) or put(tree, change, value)
        if refusal is not None:
            refusals.append(refusal)
    _without_sources(tree, variant)
    _fit_truth(tree, case)
    return tree, tuple(refusals)


def _overlap(change: str, variant: Variant) -> Refusal | None:
    outer = next((other for other in variant.change if change.startswith(f"{other}.")), None)
    if outer is None:
        return None
    return Refusal(
        change=change,
        found=f"a change within that of {outer}",
        expected="each thing changed once",
        mend=f"write it into the value of {outer}",
    )


def _without_sources(tree: Tree, variant: Variant) -> None:
    """Take out the sources that a variant does not have, and whatever rests on them."""
    lacking = set(_lacking(tree, variant))
    tree["sources"] = [s for s in tree["sources"] if s.get("id") not in lacking]
    tree["reports"] = [r for r in tree["reports"] if r.get("source") not in lacking]
    tree["collectors"] = [c for c in tree["collectors"] if c.get("source") not in lacking]


def _fit_truth(tree: Tree, case: Case) -> None:
    """Leave out of the truth what a view has no longer, or has from its date and so did not set aside."""
    truth = tree["truth"]
    if truth is None:
        return
    before = {report.id: report for report in case.reports}
    after = {report.get("id"): report for report in tree["reports"]}
    gone = before.keys() - after.keys()
    used = {
        name
        for name, report in after.items()
        if name in before
        and before[name].known_on > before[name].date
        and report.get("known") in (None, report.get("date"))
    }
    truth["reports"] = {name: how for name, how in truth["reports"].items() if name not in gone}
    truth["set_aside"] = [name for name in truth["set_aside"] if name not in gone | used]


def _lacking(tree: Tree, variant: Variant) -> Iterator[str]:
    for source in tree["sources"]:
        name = source.get("id")
        if name in variant.without or (variant.only is not None and name not in variant.only):
            yield name


__all__ = ["VariantError", "changed", "in_variant", "tree_of", "validated"]
