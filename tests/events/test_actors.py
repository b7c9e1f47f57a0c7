"""Names mean actors by the first pattern that fits on the day; one's own dictionary is held to its form."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.events.actors import Dictionary, DictionaryError, Entry, read_dictionary, usual

DAY = dt.date(1998, 6, 1)


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("ISRMIL", "israel"), ("LBNREBHEZ", "hezbollah"), ("LBNGOV", "lebanon"), ("PSEREBHMS", "hamas"),
        ("PSEREBISJ", "pij"), ("PALPLO", "palestinians"), ("PSEGZS", "palestinians"),
        ("USAGOV", "united-states"),
        ("Government of Israel", "israel"), ("Hezbollah", "hezbollah"), ("BOSSER", "bosnian-serbs"),
        ("BOSMOS", "bosnia"), ("IGOUNO", "united-nations"), ("Syrian insurgents", None), ("MOSREB", None),
    ],
)  # fmt: skip
def test_the_shipped_dictionary_knows_a_name(name, actor):
    assert usual().actor(name, DAY) == actor


def test_a_state_that_ended_is_known_until_it_did():
    assert usual().actor("USR", dt.date(1991, 12, 25)) == "russia"
    assert usual().actor("USR", dt.date(1991, 12, 26)) is None


entries = st.builds(
    Entry,
    actor=st.sampled_from(["a", "b", "c"]),
    pattern=st.sampled_from(["*", "X*", "*Y", "XY", "?Y"]),
    since=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2000, 1, 20)),
    until=st.none() | st.dates(dt.date(2000, 1, 21), dt.date(2000, 2, 9)),
)


@given(
    st.lists(entries, min_size=1, max_size=5),
    st.sampled_from(["XY", "X", "Y", "ZY"]),
    st.dates(dt.date(1999, 12, 30), dt.date(2000, 2, 20)),
)
def test_spells_say_for_every_day_what_the_dictionary_says_for_one(found, name, day):
    dictionary = Dictionary(entries=tuple(found))
    spells = [spell.actor for spell in dictionary.spells([name]) if spell.since <= day < spell.until]
    assert spells == [who for who in [dictionary.actor(name, day)] if who is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who,pattern\nisrael,ISR*\n", "own.csv:1"),
        ("actor,pattern,from,until\nisrael,,,\n", "own.csv:2  pattern"),
        ("actor,pattern,from,until\nussr,USR*,,1991\n", "own.csv:2  until"),
        ("actor,pattern,from,until\nussr,USR*,1992-01-01,1991-01-01\n", "not after 1992-01-01"),
        ("actor,pattern,from,until\n", "found no actor"),
    ],
)
def test_a_dictionary_with_a_fault_is_refused_with_its_line(tmp_path, text, told):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DictionaryError, match=told.replace(".", r"\.")):
        read_dictionary(path)


def test_an_unknown_actor_is_refused_with_those_that_are_known():
    with pytest.raises(DictionaryError, match="found the actor atlantis; expected one of hezbollah"):
        usual().must_know(["israel", "atlantis"])
