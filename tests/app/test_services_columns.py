"""The columns kept per process equal a cold load, whatever happened in between."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from places import NOW, Place

from app.models import Project, Status, StoredResponse
from app.services import review
from app.services.columns import Columns, ColumnStore
from app.services.responses import Submission, receive
from surveys import records
from surveys.definition import Audience

Make = Callable[..., Submission]


def look(place: Place, store: ColumnStore) -> Columns:
    with place.database.reading() as session:
        return store.columns(session, place.residents.id, place.residents.questionnaire)


def assert_as_cold(place: Place, store: ColumnStore) -> Columns:
    warm, cold = look(place, store), look(place, ColumnStore())
    assert warm.n == cold.n
    for name, array in cold.arrays.items():
        np.testing.assert_array_equal(warm.arrays[name], array, err_msg=name)
    return warm


def decide(place: Place, sent: Submission, status: Status) -> None:
    with place.database.writing() as session:
        review.decide(
            session,
            NOW,
            place.evaluator,
            session.get_one(Project, place.project.id),
            place.residents,
            session.get_one(StoredResponse, sent.id),
            status,
            "复核",
        )


def correct(place: Place, sent: Submission, other: Submission) -> None:
    with place.database.writing() as session:
        review.correct(
            session,
            NOW,
            place.evaluator,
            session.get_one(Project, place.project.id),
            place.residents,
            session.get_one(StoredResponse, sent.id),
            other.answers,
            "复核",
        )


def test_columns_hold_what_was_answered(place: Place, submission: Make) -> None:
    sends = [submission() for _ in range(20)]
    for sent in sends:
        place.send(sent)
    columns = look(place, ColumnStore())
    questionnaire = place.residents.questionnaire
    dtype = records.layout(questionnaire)
    for row, sent in enumerate(sends):
        record = np.zeros(1, dtype)
        for name in dtype.names or ():
            record[name] = columns.arrays[name][row]
        unpacked = records.unpack(questionnaire, record.tobytes())
        asked = {key: value for key, value in sent.answers.items() if not key.endswith("_note")}
        assert unpacked == asked
    assert set(columns.arrays["#area"]) == {place.area.id}
    assert set(columns.arrays["#enumerator"]) == {place.enumerator.user_id}
    assert set(columns.arrays["#received_ms"]) == {int(NOW.timestamp() * 1000)}


def test_empty_questionnaire_has_empty_columns(place: Place) -> None:
    columns = assert_as_cold(place, ColumnStore())
    assert columns.n == 0
    assert all(len(array) == 0 for array in columns.arrays.values())


def test_refreshed_equals_cold_after_inserts_decisions_and_corrections(
    place: Place, submission: Make
) -> None:
    store = ColumnStore()
    sends = []
    for step in range(6):
        for _ in range(step + 1):
            sends.append(submission())
            place.send(sends[-1])
        assert_as_cold(place, store)
        decide(place, sends[step], Status.EXCLUDED)
        correct(place, sends[-1], submission())
        assert_as_cold(place, store)
    decide(place, sends[0], Status.ACCEPTED)
    columns = assert_as_cold(place, store)
    assert columns.n == len(sends)
    assert np.count_nonzero(columns.arrays["#status"] == 2) == 5


def test_columns_in_a_readers_hands_do_not_change(place: Place, submission: Make) -> None:
    store = ColumnStore()
    sends = [submission() for _ in range(3)]
    for sent in sends:
        place.send(sent)
    held = look(place, store)
    before = {name: array.copy() for name, array in held.arrays.items()}
    decide(place, sends[0], Status.EXCLUDED)
    place.send(submission())
    look(place, store)
    for name, array in held.arrays.items():
        np.testing.assert_array_equal(array, before[name])


def test_what_is_rolled_back_is_never_kept(place: Place, submission: Make) -> None:
    store = ColumnStore()
    with pytest.raises(ZeroDivisionError), place.database.writing() as session:
        project = session.get_one(Project, place.project.id)
        receive(session, NOW, place.enumerator, project, place.residents, submission())
        inside = store.columns(session, place.residents.id, place.residents.questionnaire)
        assert inside.n == 1
        raise ZeroDivisionError
    assert assert_as_cold(place, store).n == 0
    place.send(submission())
    assert assert_as_cold(place, store).n == 1


def test_older_snapshot_gets_the_newer_state(place: Place, submission: Make) -> None:
    store = ColumnStore()
    place.send(submission())
    with place.database.reading() as older:
        assert older.get_one(Project, place.project.id).slug == "alpha"  # the snapshot begins
        place.send(submission())
        assert look(place, store).n == 2
        columns = store.columns(older, place.residents.id, place.residents.questionnaire)
    assert columns.n == 2
    assert_as_cold(place, store)


def test_threads_that_write_and_read_agree_in_the_end(place: Place, submission: Make) -> None:
    store = ColumnStore()
    sends = [[submission() for _ in range(10)] for _ in range(2)]
    seen: list[int] = []

    def work(own: list[Submission]) -> None:
        for sent in own:
            place.send(sent)
            seen.append(look(place, store).n)
            decide(place, sent, Status.EXCLUDED)
            look(place, store)

    threads = [threading.Thread(target=work, args=(own,)) for own in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    columns = assert_as_cold(place, store)
    assert columns.n == 20
    assert len(seen) == 20
    assert set(columns.arrays["#status"]) == {2}


def test_few_questionnaires_are_kept(place: Place, submission: Make) -> None:
    store = ColumnStore()
    place.send(submission())
    with place.database.reading() as session:
        for number in range(20):
            store.columns(session, 1000 + number, place.cadres.questionnaire)
    assert assert_as_cold(place, store).n == 1


def test_audience_is_stored_as_its_code(place: Place, submission: Make) -> None:
    place.send(submission(audience=Audience.RECIPIENT))
    place.send(submission(audience=None))
    assert list(look(place, ColumnStore()).arrays["#audience"]) == [1, 0]
