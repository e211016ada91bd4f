"""From rows to columns: the packed record of a response, and the columns kept per process.

A stored record is a head (what the row knows: who, where, when, status) followed by the packed
answers of `surveys.records`, so that loading all responses is one SELECT of one column.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import RecordChunk, Status, StoredResponse
from surveys import records
from surveys.answers import check
from surveys.definition import Audience, Questionnaire

HEAD = np.dtype(
    [
        ("#arrival_no", "<i8"),
        ("#received_ms", "<i8"),
        ("#area", "<i4"),
        ("#enumerator", "<i4"),
        ("#audience", "u1"),
        ("#status", "u1"),
        ("#practice", "u1"),
    ]
)
"""`#` cannot occur in a question code. Area, enumerator and audience are 0 where unknown."""
RECORD_LAYOUT = 100 * records.LAYOUT_RULE + 1
AUDIENCE_CODE: dict[str | None, int] = {None: 0} | {a.value: i for i, a in enumerate(Audience, 1)}
STATUS_CODE = {status.value: code for code, status in enumerate(Status)}
MOST_KEPT = 8
ROWS_PER_FETCH = 10_000
RESPONSES_PER_CHUNK = 65_536

Arrays = dict[str, npt.NDArray[Any]]


def record_of(response: StoredResponse, questionnaire: Questionnaire) -> bytes:
    """The record that follows from all other columns of the row."""
    audience = Audience(response.audience) if response.audience else None
    clean = check(questionnaire, response.answers, audience).clean
    return head_of(response) + records.pack(questionnaire, clean, audience)


def head_of(response: StoredResponse) -> bytes:
    values = (
        response.arrival_no,
        int(response.received_at.timestamp() * 1000),
        response.area_id or 0,
        response.enumerator_id or 0,
        AUDIENCE_CODE[response.audience],
        STATUS_CODE[response.status],
        int(response.practice),
    )
    return np.array(values, dtype=HEAD).tobytes()


def stored_layout(questionnaire: Questionnaire) -> np.dtype[np.void]:
    parts = (HEAD, records.layout(questionnaire))
    return np.dtype([(name, part[name]) for part in parts for name in part.names or ()])


@dataclass(frozen=True)
class Columns:
    """The columns of all responses to one published questionnaire, in order of arrival."""

    questionnaire: Questionnaire
    arrays: Mapping[str, npt.NDArray[Any]]
    n: int


class ColumnStore:
    """Keeps the columns of a few questionnaires and fetches only what changed since.

    Readers may hold columns while another thread refreshes: rows are appended behind what they
    see, and arrays in which a row changes are replaced by copies.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    def columns(
        self, session: Session, questionnaire_id: int, questionnaire: Questionnaire
    ) -> Columns:
        """The state that the session's snapshot sees, or a newer one.

        A session that writes sees what may yet be rolled back: for it nothing is kept.
        """
        if not session.get_bind().get_execution_options().get("read_only"):
            cold = _Kept(questionnaire)
            cold.refresh(session, questionnaire_id)
            return Columns(questionnaire, cold.visible(), cold.n)
        with self._lock:
            kept = self._kept.pop(questionnaire_id, None) or _Kept(questionnaire)
            kept.refresh(session, questionnaire_id)
            self._kept[questionnaire_id] = kept
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return Columns(questionnaire, kept.visible(), kept.n)


class _Kept:
    """Growing arrays with room behind the `n` rows in use."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.dtype = stored_layout(questionnaire)
        self.arrays: Arrays = {
            name: np.zeros(0, self.dtype[name]) for name in self.dtype.names or ()
        }
        self.n = 0
        self.change_seq = 0

    def visible(self) -> Arrays:
        return {name: array[: self.n] for name, array in self.arrays.items()}

    def refresh(self, session: Session, questionnaire_id: int) -> None:
        rows = fetch(session, questionnaire_id, self.change_seq, self.dtype)
        self.change_seq = max(self.change_seq, newest_change(session, questionnaire_id))
        if not len(rows):
            return
        newest = self.arrays["#arrival_no"][self.n - 1] if self.n else 0
        is_new = rows["#arrival_no"] > newest
        if not is_new.all():
            self._replace(rows[~is_new])
        if is_new.any():
            self._append(rows if is_new.all() else rows[is_new])

    def _append(self, rows: npt.NDArray[np.void]) -> None:
        end = self.n + len(rows)
        for name, array in self.arrays.items():
            if end > len(array):
                room = np.empty(max(end, 2 * len(array)), array.dtype)
                room[: self.n] = array[: self.n]
                self.arrays[name] = array = room
            array[self.n : end] = rows[name]
        self.n = end

    def _replace(self, rows: npt.NDArray[np.void]) -> None:
        places = np.searchsorted(self.arrays["#arrival_no"][: self.n], rows["#arrival_no"])
        for name, array in self.arrays.items():
            changed = array.copy()
            changed[places] = rows[name]
            self.arrays[name] = changed


def fetch(
    session: Session, questionnaire_id: int, after: int, dtype: np.dtype[np.void]
) -> npt.NDArray[np.void]:
    """The newest record of each response changed after `after`, in order of arrival.

    Who has nothing yet starts with the sealed chunks. Goes through the driver's own cursor:
    SQLAlchemy's rows cost more than twice as much.
    """
    mark = "?" if session.get_bind().dialect.name == "sqlite" else "%s"
    cursor: Any = session.connection().connection.cursor()
    parts: list[bytes] = []
    try:
        if after == 0:
            cursor.execute(CHUNKS.format(mark=mark), (questionnaire_id,))
            for upto, record_layout, packed in cursor:
                if record_layout != RECORD_LAYOUT:
                    break
                after = upto
                parts.append(packed)
        cursor.execute(CHANGED.format(mark=mark), (questionnaire_id, after))
        parts.extend(_joined(cursor))
    finally:
        cursor.close()
    return _latest(np.frombuffer(b"".join(parts), dtype=dtype))


def newest_change(session: Session, questionnaire_id: int) -> int:
    query = select(func.max(StoredResponse.change_seq))
    return session.scalar(query.where(StoredResponse.questionnaire_id == questionnaire_id)) or 0


def seal(session: Session, questionnaire_id: int, upto: int) -> None:
    """Put the records changed since the last chunk into a new one.

    The caller holds the project's row lock, so nothing up to `upto` is still uncommitted.
    """
    last = select(func.max(RecordChunk.upto))
    after = session.scalar(last.where(RecordChunk.questionnaire_id == questionnaire_id)) or 0
    query = (
        select(StoredResponse.record)
        .where(
            StoredResponse.questionnaire_id == questionnaire_id,
            StoredResponse.change_seq > after,
            StoredResponse.change_seq <= upto,
        )
        .order_by(StoredResponse.change_seq)
    )
    packed = b"".join(session.scalars(query))
    if packed:
        session.add(
            RecordChunk(
                questionnaire_id=questionnaire_id,
                after=after,
                upto=upto,
                record_layout=RECORD_LAYOUT,
                records=packed,
            )
        )


def _joined(cursor: Any) -> Iterator[bytes]:
    """By the thousand, so that a million small objects never live at the same time."""
    while rows := cursor.fetchmany(ROWS_PER_FETCH):
        yield b"".join(chain.from_iterable(rows))


def _latest(rows: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """Of rows in order of change: the last of each response, in order of arrival."""
    arrival = rows["#arrival_no"]
    if not np.any(arrival[1:] <= arrival[:-1]):
        return rows
    order = np.argsort(arrival, kind="stable")
    is_last = np.append(np.diff(arrival[order]) > 0, True)
    latest: npt.NDArray[np.void] = rows[order[is_last]]
    return latest


CHUNKS = (
    "SELECT upto, record_layout, records FROM record_chunks "
    "WHERE questionnaire_id = {mark} ORDER BY upto"
)
CHANGED = (
    "SELECT record FROM responses "
    "WHERE questionnaire_id = {mark} AND change_seq > {mark} ORDER BY change_seq"
)
