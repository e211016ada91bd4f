"""Batches of responses: many by few statements, each once, numbered in a row, on both databases."""

from __future__ import annotations

import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from places import NOW, Place
from sqlalchemy import event, func, select

from app.models import Project, Quarantined, RecordChunk, Revision, StoredResponse
from app.services import arrivals, devices, intake, responses
from app.services.columns import ColumnStore
from app.services.intake import Outcome
from app.services.responses import Receipt
from surveys.definition import Audience
from surveys.simulate import simulate

PARALLEL, EACH = 6, 20
MOST_STATEMENTS = 9
"""Begin, device, savepoint, questionnaire, area, numbers, insert, release, last seen."""


@pytest.fixture
def device(place: Place) -> uuid.UUID:
    return place.write(devices.create, "alpha-enumerator").id


def new_id(seed: object) -> uuid.UUID:
    return uuid.UUID(int=random.Random(f"batch {seed}").getrandbits(128), version=4)


def item(place: Place, seed: object, answered: object = None, **changed: Any) -> dict[str, Any]:
    """One item; with `answered` it has the id of `seed` but the answers of another."""
    chance = random.Random(f"answers {seed if answered is None else answered}")
    content = {
        "id": str(new_id(seed)),
        "project": "alpha",
        "questionnaire": "dibao-residents",
        "version": 2,
        "audience": "recipient",
        "area": "01",
        "answers": simulate(place.residents.questionnaire, Audience.RECIPIENT, chance),
        "consent": {"version": "2", "given": True},
    }
    return content | changed


def hand_in(place: Place, device: uuid.UUID, items: list[Any]) -> list[Outcome]:
    """In a transaction of its own, so that parallel ones meet in the database."""
    body = json.dumps({"responses": items}).encode()
    with place.database.writing() as session:
        outcomes = intake.take_many(session, NOW, device, body)
    assert isinstance(outcomes, list)
    return outcomes


def receipts(outcomes: list[Outcome]) -> list[Receipt]:
    return [outcome.receipt for outcome in outcomes if outcome.receipt]


def counts(place: Place) -> tuple[int, int, int]:
    with place.database.reading() as session:
        tables = (StoredResponse, Revision, Quarantined)
        found = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return found[0] or 0, found[1] or 0, found[2] or 0


def numbers(place: Place) -> dict[uuid.UUID, int]:
    """Id -> arrival number; the change number is the same."""
    columns = (StoredResponse.id, StoredResponse.arrival_no, StoredResponse.change_seq)
    with place.database.reading() as session:
        rows = session.execute(select(*columns)).all()
    assert all(arrival == change for _, arrival, change in rows)
    return {given: arrival for given, arrival, _ in rows}


def counter(place: Place) -> int:
    with place.database.reading() as session:
        return session.get_one(Project, place.project.id).change_seq


def test_one_id_twice_in_a_batch_is_stored_once_and_other_content_is_kept(
    place: Place, device: uuid.UUID
) -> None:
    first, other = item(place, 1), item(place, 1, answered=2)
    found = receipts(hand_in(place, device, [first, item(place, 3), first, other, other, first]))
    assert [(receipt.status, receipt.created) for receipt in found] == [
        *(("stored", True), ("stored", True), ("stored", False)),
        *(("conflict", False), ("conflict", False), ("stored", False)),
    ]
    assert found[0].token == found[2].token == found[5].token
    assert found[3].token == found[4].token != found[0].token
    assert counts(place) == (2, 1, 0)
    with place.database.reading() as session:
        assert session.get_one(StoredResponse, new_id(1)).answers == first["answers"]


def test_unreadable_first_content_leaves_the_id_to_the_readable_second(
    place: Place, device: uuid.UUID
) -> None:
    outcomes = hand_in(place, device, [item(place, 1, version=99), item(place, 1)])
    assert [outcome.receipt is not None for outcome in outcomes] == [False, True]
    assert counts(place) == (1, 0, 1)


def test_batch_half_stored_before_gets_the_same_receipts_for_that_half(
    place: Place, device: uuid.UUID
) -> None:
    items = [item(place, seed) for seed in range(8)]
    before = receipts(hand_in(place, device, items[::2]))
    after = receipts(hand_in(place, device, items))
    assert [receipt.created for receipt in after] == [False, True] * 4
    assert [receipt.token for receipt in after[::2]] == [receipt.token for receipt in before]
    assert counts(place) == (8, 0, 0)


def test_batch_sent_again_changes_nothing_and_its_answer_is_the_same(
    place: Place, device: uuid.UUID
) -> None:
    items = [item(place, seed) for seed in range(5)] + [item(place, 9, version=99), {"id": "x"}]
    once, again = hand_in(place, device, items), hand_in(place, device, items)
    assert [receipt.token for receipt in receipts(once)] == [r.token for r in receipts(again)]
    assert [o.problem.code for o in again if o.problem] == ["422.8", "422.6"]
    assert counts(place) == (5, 0, 2)


def test_id_of_another_project_is_kept_aside_and_spoils_no_other(
    place: Place, device: uuid.UUID
) -> None:
    with place.database.writing() as session:
        stranger = session.get_one(Project, place.other.id)
        taken = responses.Submission(new_id(2), None, None, {})
        responses.receive(session, NOW, place.evaluator, stranger, place.residents, taken)
    outcomes = hand_in(place, device, [item(place, seed) for seed in (1, 2, 3)])
    assert [outcome.receipt is not None for outcome in outcomes] == [True, False, True]
    assert outcomes[1].problem and outcomes[1].problem.code == "422.6"
    assert counts(place) == (3, 0, 1)


def test_parallel_batches_are_each_numbered_in_a_row_without_gaps_or_doubles(
    place: Place, device: uuid.UUID
) -> None:
    batches = [[item(place, (part, n)) for n in range(EACH)] for part in range(PARALLEL)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        done = list(pool.map(lambda items: hand_in(place, device, items), batches))
    assert all(receipt.created for outcomes in done for receipt in receipts(outcomes))
    given = numbers(place)
    assert sorted(given.values()) == list(range(1, PARALLEL * EACH + 1))
    assert counter(place) == PARALLEL * EACH
    for items in batches:
        own = [given[uuid.UUID(one["id"])] for one in items]
        assert own == list(range(own[0], own[0] + EACH))


def test_parallel_batches_that_overlap_store_each_once(place: Place, device: uuid.UUID) -> None:
    items = [item(place, seed) for seed in range(EACH)]
    mixed = [random.Random(part).sample(items, EACH) for part in range(PARALLEL)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        found = [
            receipt
            for outcomes in pool.map(lambda some: hand_in(place, device, some), mixed)
            for receipt in receipts(outcomes)
        ]
    assert len(found) == PARALLEL * EACH
    assert sum(receipt.created for receipt in found) == EACH
    assert len({receipt.token for receipt in found}) == EACH
    assert counts(place) == (EACH, 0, 0)
    assert len(set(numbers(place).values())) == EACH


def test_parallel_single_sends_and_batches_get_different_numbers(
    place: Place, device: uuid.UUID
) -> None:
    jobs = [[item(place, (part, n)) for n in range(1 + part % 2 * 9)] for part in range(12)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda items: hand_in(place, device, items), jobs))
    assert sorted(numbers(place).values()) == list(range(1, sum(map(len, jobs)) + 1))


def test_a_hundred_need_no_more_statements_than_one(place: Place, device: uuid.UUID) -> None:
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(place.database.engine, "before_cursor_execute", note)
    hand_in(place, device, [item(place, seed) for seed in range(100)])
    assert len(said) <= MOST_STATEMENTS, said
    assert counts(place) == (100, 0, 0)


def test_fault_of_the_program_costs_one_of_nine_and_leaves_no_gap(
    place: Place, device: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at(monkeypatch, new_id(4))
    outcomes = hand_in(place, device, [item(place, seed) for seed in range(9)])
    assert [outcome.receipt is None for outcome in outcomes].index(True) == 4
    assert outcomes[4].problem and outcomes[4].problem.code == "500.2"
    assert counts(place) == (8, 0, 1)
    assert sorted(numbers(place).values()) == list(range(1, 9))


def test_faulty_piece_sent_in_parallel_is_kept_aside_once(
    place: Place, device: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The savepoint that fails gives the project's lock back; keeping aside needs it."""
    break_at(monkeypatch, new_id(1))
    with ThreadPoolExecutor(PARALLEL) as pool:
        jobs = [[item(place, 1)]] * PARALLEL
        done = list(pool.map(lambda items: hand_in(place, device, items), jobs))
    assert [outcomes[0].problem and outcomes[0].problem.code for outcomes in done] == (
        ["500.2"] * PARALLEL
    )
    assert counts(place) == (0, 0, 1)


def break_at(monkeypatch: pytest.MonkeyPatch, faulty: uuid.UUID) -> None:
    """A fault of our program after the numbers were taken."""
    head_of = arrivals.head_of

    def break_down(response: StoredResponse) -> bytes:
        if response.id == faulty:
            raise ZeroDivisionError
        return head_of(response)

    monkeypatch.setattr(arrivals, "head_of", break_down)


def test_chunks_end_inside_a_batch_where_their_numbers_do(
    place: Place, device: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "RESPONSES_PER_CHUNK", 4)
    hand_in(place, device, [item(place, seed) for seed in range(10)])
    with place.database.reading() as session:
        spans = session.execute(select(RecordChunk.after, RecordChunk.upto)).all()
        assert sorted(tuple(span) for span in spans) == [(0, 4), (4, 8)]
        columns = ColumnStore().columns(session, place.residents.id, place.residents.questionnaire)
    assert columns.arrays["#arrival_no"].tolist() == list(range(1, 11))


def test_empty_batch_stores_nothing(place: Place, device: uuid.UUID) -> None:
    assert hand_in(place, device, []) == []
    assert counts(place) == (0, 0, 0)
