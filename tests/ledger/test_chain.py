"""Any change to a chain is found, at the row where it begins."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.ledger.chain import GENESIS, Breach, Entry, canonical, chained, fingerprint, verify

FIELDS = ("kind", "subject", "recorded", "body", "previous", "hash")


def chain(bodies) -> list[Entry]:
    rows: list[Entry] = []
    for k, body in enumerate(bodies):
        rows.append(
            chained(
                rows[-1] if rows else None,
                kind="forecast",
                subject=f"q{k}",
                recorded=f"2030-01-01T00:00:{k:02d}.000000Z",
                body=canonical(body),
            )
        )
    return rows


scalars = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
bodies = st.dictionaries(st.text(max_size=5), scalars | st.lists(scalars, max_size=2), max_size=3)
chains = st.lists(bodies, min_size=2, max_size=6).map(chain)


def breach(rows, head=None) -> Breach:
    found = verify(rows, head=head).breach
    assert found is not None
    return found


def test_the_hash_is_sha256_of_the_hash_before_and_the_row_s_text():
    """Computed here by hand, as anybody elsewhere would from an export."""
    row = chain([{"probability": 0.2}])[0]
    text = (
        '{"body":{"probability":0.2},"kind":"forecast","number":1,'
        '"recorded":"2030-01-01T00:00:00.000000Z","subject":"q0"}'
    )
    assert row.text == text
    assert row.hash == hashlib.sha256(("0" * 64 + text).encode()).hexdigest()


@given(chains)
def test_a_row_s_text_is_canonical_json(rows):
    for row in rows:
        assert canonical(json.loads(row.text)) == row.text


@given(chains)
def test_an_untouched_chain_is_sound_and_holds_each_of_its_heads(rows):
    verdict = verify(rows)
    assert (verdict.sound, verdict.rows, verdict.head) == (True, len(rows), rows[-1].hash)
    assert all(verify(rows, head=row.hash).sound for row in rows)
    assert verify(rows, head=rows[0].hash[:12]).sound


@given(chains, st.data())
def test_any_field_changed_is_found_at_its_row(rows, data):
    k = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    changed = data.draw(st.text(max_size=12).filter(lambda text: text != getattr(rows[k], field)))
    rows[k] = replace(rows[k], **{field: changed})
    assert breach(rows).number == k + 1


@given(chains, st.data())
def test_a_changed_row_with_its_hash_made_anew_is_found_at_the_next(rows, data):
    k = data.draw(st.integers(0, len(rows) - 2))
    forged = replace(rows[k], body='{"probability":0.99}')
    rows[k] = replace(forged, hash=fingerprint(forged.previous, forged.text))
    if rows[k].body != chain([json.loads(forged.body)])[0].body or verify(rows).sound:
        assert rows[k] == forged  # drew the very body that was there
    else:
        assert breach(rows).number == k + 2


@given(chains, st.data())
def test_a_row_taken_out_or_swapped_is_found(rows, data):
    k = data.draw(st.integers(0, len(rows) - 2))
    assert breach(rows[:k] + rows[k + 1 :]).number == k + 1
    rows[k], rows[k + 1] = rows[k + 1], rows[k]
    assert breach(rows).number == k + 1


@given(chains, st.data())
def test_a_tail_cut_off_shows_only_to_whoever_noted_the_head(rows, data):
    cut = rows[: data.draw(st.integers(0, len(rows) - 1))]
    assert verify(cut).sound
    lost = breach(cut, head=rows[-1].hash)
    assert lost.number == len(cut) + 1
    assert "cut off" in lost.what


@given(chains)
def test_a_chain_written_anew_shows_only_to_whoever_noted_the_head(rows):
    anew = chain([{"all": "new"} for _ in rows])
    assert verify(anew).sound
    assert not verify(anew, head=rows[-1].hash).sound


def test_an_empty_ledger_stands_on_the_genesis():
    assert verify([]).head == GENESIS
    assert verify([], head=GENESIS).sound
    assert verify(chain([{}]), head=GENESIS).sound


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_does_not_know_is_not_hashed(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"p": number})
