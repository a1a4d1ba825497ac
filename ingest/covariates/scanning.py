"""The inner loops of looking for titles in captions, compiled on first use.

Decoding a Parquet column takes two nanoseconds a byte. No packaged library looks for many phrases in as little, let
alone after another pass over the text that folds its case: here the automaton folds as it goes. The loops are long
because a call costs as much as a step.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.errors import IngestError

DROPPED, EXPANDED = 65_534, 65_535
"""Classes of characters of which nothing is left, and of those that fold to several."""
INSTALL = "pip install 'multimodal-iconicity-workbench[captions]'"
Scan = Callable[..., int]


def scan_plain(
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    table: NDArray[Any],
    shift: int,
    classes: NDArray[np.uint16],
    start: int,
    first: int,
    foreign: int,
    rows: NDArray[np.int32],
    states: NDArray[np.int32],
) -> int:
    """Run an automaton over texts in ASCII, four at a time: each step waits for the memory that the one before read.

    Args:
        data: the bytes of all texts.
        ends: [N + 1] where they begin and end.
        table: the state after each state (a row of 2^shift) and class.
        shift: see there.
        classes: [256] of bytes.
        start: state before a text.
        first: states from here on say something.
        foreign: state that a byte beyond ASCII leads to, for good.
        rows: takes the numbers of the texts in which a state is reached that says something, and of those that are
            foreign or were not read to the end: the few that are left when the first of the four has no more.
        states: takes those states, ``foreign`` for the latter.

    Returns:
        How many were taken.
    """
    n = 0
    count = len(ends) - 1
    size = ends[count] - ends[0]
    row = np.empty(4, np.int64)
    last = np.empty(4, np.int64)
    at = np.empty(4, np.int64)
    end = np.empty(4, np.int64)
    state = np.empty(4, np.int64)
    # Unsigned: an index that might be negative costs a comparison.
    wide, speaking = np.uint64(shift), np.uint64(first)
    s: Any
    for q in range(4):
        row[q] = np.searchsorted(ends, ends[0] + size * q // 4) if q else 0
        last[q] = np.searchsorted(ends, ends[0] + size * (q + 1) // 4) if q < 3 else count
        at[q] = ends[row[q]]
        end[q] = ends[min(row[q] + 1, count)]
        state[q] = start
    while row[0] < last[0] and row[1] < last[1] and row[2] < last[2] and row[3] < last[3]:
        steps = min(min(end[0] - at[0], end[1] - at[1]), min(end[2] - at[2], end[3] - at[3]))
        a, b, c, d = np.uint64(state[0]), np.uint64(state[1]), np.uint64(state[2]), np.uint64(state[3])
        i, j, k, m = np.uint64(at[0]), np.uint64(at[1]), np.uint64(at[2]), np.uint64(at[3])
        for step in range(np.uint64(steps)):
            a = np.uint64(table[(a << wide) + np.uint64(classes[data[i + step]])])
            b = np.uint64(table[(b << wide) + np.uint64(classes[data[j + step]])])
            c = np.uint64(table[(c << wide) + np.uint64(classes[data[k + step]])])
            d = np.uint64(table[(d << wide) + np.uint64(classes[data[m + step]])])
            if max(max(a, b), max(c, d)) >= speaking:
                if a >= speaking:
                    rows[n], states[n] = row[0], a
                    n += 1
                if b >= speaking:
                    rows[n], states[n] = row[1], b
                    n += 1
                if c >= speaking:
                    rows[n], states[n] = row[2], c
                    n += 1
                if d >= speaking:
                    rows[n], states[n] = row[3], d
                    n += 1
        state[0], state[1], state[2], state[3] = a, b, c, d
        for q in range(4):
            at[q] += steps
            if at[q] == end[q]:
                s = np.int64(table[state[q] << shift])
                if s >= first or s == foreign:
                    rows[n], states[n] = row[q], s
                    n += 1
                state[q] = start
                row[q] += 1
                if row[q] < last[q]:
                    end[q] = ends[row[q] + 1]
    for q in range(4):
        for left in range(row[q], last[q]):
            rows[n], states[n] = left, foreign
            n += 1
    return n


def scan_utf8(
    data: NDArray[np.uint8],
    ends: NDArray[np.int64],
    table: NDArray[Any],
    shift: int,
    classes: NDArray[np.uint16],
    start: int,
    first: int,
    unsure: int,
    begins: NDArray[np.int32],
    several: NDArray[np.uint16],
    which: NDArray[np.int64],
    rows: NDArray[np.int32],
    states: NDArray[np.int32],
) -> int:
    """Run an automaton over some texts in UTF-8.

    Args:
        data: as in ``scan_plain``, as what is not explained here.
        ends: see there.
        table: see there.
        shift: see there.
        classes: [131072] of characters.
        start: see there.
        first: see there.
        unsure: what is taken as the state of a text that has to be folded elsewhere.
        begins: [131072] where in ``several`` the classes of a character begin that folds to several.
        several: their number, and they themselves.
        which: numbers of the texts.
        rows: as in ``scan_plain``.
        states: as in ``scan_plain``.

    Returns:
        How many were taken.
    """
    n = 0
    for row in which:
        s: Any = start
        i = ends[row]
        end = ends[row + 1]
        before = n
        sure = True
        while i < end:
            b = np.int64(data[i])
            if b < 0x80:
                character = b
                i += 1
            elif 0xC2 <= b < 0xE0 and i + 1 < end and data[i + 1] & 0xC0 == 0x80:
                character = (b & 0x1F) << 6 | np.int64(data[i + 1] & 0x3F)
                i += 2
            elif 0xE0 <= b < 0xF0 and i + 2 < end and data[i + 1] & 0xC0 == 0x80 and data[i + 2] & 0xC0 == 0x80:
                character = (b & 0x0F) << 12 | np.int64(data[i + 1] & 0x3F) << 6 | np.int64(data[i + 2] & 0x3F)
                i += 3
            elif b == 0xF0 and i + 3 < end and data[i + 1] & 0xF0 == 0x90:
                character = np.int64(0x10000) | np.int64(data[i + 1] & 0x0F) << 12
                character |= np.int64(data[i + 2] & 0x3F) << 6 | np.int64(data[i + 3] & 0x3F)
                sure = data[i + 2] & 0xC0 == 0x80 and data[i + 3] & 0xC0 == 0x80
                i += 4
                if not sure:
                    break
            else:
                sure = False
                break
            found = np.int64(classes[character])
            if found < DROPPED:
                s = np.int64(table[(s << shift) + found])
                if s >= first:
                    rows[n], states[n] = row, s
                    n += 1
            elif found == EXPANDED:
                begin = begins[character]
                for k in range(begin + 1, begin + 1 + several[begin]):
                    s = np.int64(table[(s << shift) + several[k]])
                    if s >= first:
                        rows[n], states[n] = row, s
                        n += 1
        if not sure:
            n = before
            rows[n], states[n] = row, unsure
            n += 1
            continue
        s = np.int64(table[s << shift])
        if s >= first:
            rows[n], states[n] = row, s
            n += 1
    return n


@cache
def compiled(scan: Scan) -> Scan:
    """One of the loops above as machine code, kept on disk for the next time.

    Raises:
        IngestError: If numba is not installed.
    """
    try:
        import numba
    except ModuleNotFoundError as error:
        raise IngestError("numba, which counts captions, is not installed", INSTALL) from error
    fast: Scan = numba.njit(cache=True, nogil=True)(scan)
    return fast
