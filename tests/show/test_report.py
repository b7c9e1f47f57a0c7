"""The report of any answer: it holds it as it is, and no text of a case becomes a part of the page."""

import base64
import hashlib
import html
import json
import re
from functools import cache

import pytest

from tests.show import fixtures
from tests.show.samples import MADE
from tests.show.walk import with_texts
from tocsin.show.answers import KINDS, as_data
from tocsin.show.meaning import TERMS
from tocsin.show.report import render_report

each_kind = pytest.mark.parametrize("ask", KINDS)


@cache
def made(ask):
    return MADE[ask]()


def told(page):
    """What the page carries as data, read as a browser reads it."""
    found = re.search(r'<script type="application/json" id="tocsin-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


@each_kind
def test_it_holds_the_answer_as_its_json_does_and_what_the_words_mean(ask):
    assert told(render_report(ask, made(ask))) == {"ask": ask, "answer": as_data(made(ask)), "terms": TERMS}


@each_kind
def test_markup_in_a_case_stays_data(ask):
    usual = render_report(ask, made(ask))
    sly = render_report(ask, with_texts(made(ask), fixtures.AWKWARD))
    place = re.compile(r"(?s)(<title>|tocsin-data\">).*?(</title>|</script>)")
    assert place.sub(r"\1\2", usual) == place.sub(r"\1\2", sly)
    shell = re.sub(r"(?s)<script.*?</script>", "", sly)
    assert shell.count("<title>") == 1
    assert "\x1b" not in sly


def test_its_policy_lets_in_the_one_script_it_was_built_with():
    page = render_report("ties", made("ties"))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in html.unescape(policy.group(1)).split("; "))
    (script,) = re.findall(r'<script type="module"[^>]*>(.*?)</script>', page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    # A policy counts from where it stands.
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_it_names_nothing_outside_itself():
    page = render_report("ties", made("ties"))
    shell = re.sub(r"(?s)<script.*?</script>|<style.*?</style>", "", page)
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', shell) == []
    styles = "".join(re.findall(r"(?s)<style.*?</style>", page))
    assert re.findall(r"@import|url\((?!['\"]?data:)", styles) == []
