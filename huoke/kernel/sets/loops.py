"""The loops over sets as machine code: bytes become blocks, blocks are combined and counted, and become bytes again.

A set is a row of blocks, one for every chunk of 65,536 customers. A block has a *code*, its form and how many are in
it, and a *place*, the address where its members lie: nowhere for `NOBODY` and `ALL`, ascending 16-bit numbers for
`LISTED`, 1,024 words of 64 bits for `DRAWN`. Nothing here holds the interpreter's lock. Machine code is kept beside
this file and made anew when the file changes, so the loops stand alone but for `intrinsics`.
"""

from typing import Any

import numpy as np
from numba import njit

from huoke.kernel.sets.intrinsics import byte_at, fetch, half_at, next_turn, number_at, ones, short_at, word_at

WORDS = 1_024
CHUNK = 65_536
LISTED_MAX = 512
"""More members than this are drawn: 8 KB of words are passed over as fast as so many numbers are placed."""
NOBODY, LISTED, DRAWN, ALL = range(4)
"""The forms of a block."""
FORM_BITS = 20
LEAF, MEET, JOIN, EXCEPT, BUCKET = range(5)
"""What a step of a program does: takes a stored set, `&`, `|`, the first without the second, a bucket."""
TRUNCATED, NO_BITMAP, UNORDERED = -1, -2, -3
"""What is wrong with bytes that are no bitmap."""

_SIZE_MASK = (1 << FORM_BITS) - 1
_WHOLE = ALL << FORM_BITS | CHUNK
_SOME = DRAWN << FORM_BITS
"""Drawn, and not counted: counting takes longer than combining."""
_NO_RUNS, _RUNS = 12_346, 12_347
_ARRAY_MAX, _BITSET_BYTES = 4_096, 8_192
_PPM = np.uint64(1_000_000)
_ONE, _SIX, _LOW = np.uint64(1), np.uint64(6), np.uint64(63)
_FULL = np.uint64(0xFFFFFFFFFFFFFFFF)


def _compile(loop: Any) -> Any:
    try:
        return njit(nogil=True, error_model="numpy", cache=True)(loop)
    except RuntimeError:  # nowhere to keep it: compiled once a process
        return njit(nogil=True, error_model="numpy")(loop)


@_compile
def _size(words: Any) -> Any:
    total = np.uint64(0)
    for n in range(WORDS):
        total += ones(words[n])
    return np.int64(total)


@_compile
def _coded(size: Any) -> Any:
    """The code of words that hold so many."""
    if size == 0:
        return np.int64(NOBODY)
    if size == CHUNK:
        return np.int64(_WHOLE)
    return np.int64(DRAWN << FORM_BITS | size)


@_compile
def _code_of_list(count: Any) -> Any:
    return np.int64(LISTED << FORM_BITS | count) if count else np.int64(NOBODY)


@_compile
def _draw(words: Any, code: Any, place: Any) -> None:
    """Make `words` those of a block."""
    form = code >> FORM_BITS
    if form == DRAWN:
        for n in range(WORDS):
            words[n] = word_at(place, n)
    else:
        words[:] = _FULL if form == ALL else np.uint64(0)
        if form == LISTED:
            _add(words, place, code & _SIZE_MASK)


@_compile
def _add(words: Any, place: Any, count: Any) -> None:
    for n in range(count):
        member = np.uint64(short_at(place, n))
        words[member >> _SIX] |= _ONE << (member & _LOW)


@_compile
def _take_out(words: Any, code: Any, place: Any) -> None:
    """Take the members of a block out of `words`."""
    form = code >> FORM_BITS
    if form == DRAWN:
        for n in range(WORDS):
            words[n] &= ~word_at(place, n)
    elif form == ALL:
        words[:] = np.uint64(0)
    else:
        for n in range(code & _SIZE_MASK):
            member = np.uint64(short_at(place, n))
            words[member >> _SIX] &= ~(_ONE << (member & _LOW))


@_compile
def _sift(listed: Any, count: Any, code: Any, place: Any, wanted: Any) -> Any:
    """Keep of `count` listed members those who are (`wanted`), or are not, in a block; how many are left."""
    kept = 0
    if code >> FORM_BITS == DRAWN:
        for n in range(count):
            member = np.uint64(listed[n])
            there = (word_at(place, np.int64(member >> _SIX)) >> (member & _LOW)) & _ONE == _ONE
            listed[kept] = listed[n]
            kept += there == wanted
        return kept
    others, at = code & _SIZE_MASK, 0
    for n in range(count):
        while at < others and short_at(place, at) < listed[n]:
            at += 1
        there = at < others and short_at(place, at) == listed[n]
        listed[kept] = listed[n]
        kept += there == wanted
    return kept


@_compile
def _copy_list(listed: Any, place: Any, count: Any) -> None:
    for n in range(count):
        listed[n] = short_at(place, n)


@_compile
def _gather(parts: Any, codes: Any, neutral: Any, final: Any, gathered: Any) -> Any:
    """Those parts that are not `neutral`, by ascending code: how many, or -1 where one is `final`."""
    count = 0
    for part in parts:
        if codes[part] == final:
            return -1
        if codes[part] != neutral:
            at = count
            while at > 0 and codes[gathered[at - 1]] > codes[part]:
                gathered[at] = gathered[at - 1]
                at -= 1
            gathered[at] = part
            count += 1
    return count


@_compile
def _counted(code: Any, place: Any) -> Any:
    """The code of a block whose members nobody has counted yet."""
    if code != _SOME:
        return code
    total = np.uint64(0)
    for n in range(WORDS):
        total += ones(word_at(place, n))
    return _coded(np.int64(total))


@_compile
def _meet(gathered: Any, codes: Any, places: Any, words: Any, listed: Any) -> Any:
    """Who is in every one of at least two parts: code and place, in `words` or `listed`."""
    shortest, one, other = gathered[0], places[gathered[0]], places[gathered[1]]
    if codes[shortest] >> FORM_BITS == LISTED:
        count = codes[shortest] & _SIZE_MASK
        _copy_list(listed, one, count)
        for part in gathered[1:]:
            count = _sift(listed, count, codes[part], places[part], True)
        return _code_of_list(count), np.int64(listed.ctypes.data)
    for n in range(WORDS):
        words[n] = word_at(one, n) & word_at(other, n)
    at = 2
    while at < len(gathered):
        one = places[gathered[at]]
        other = places[gathered[at + 1]] if at + 1 < len(gathered) else one
        for n in range(WORDS):
            words[n] &= word_at(one, n) & word_at(other, n)
        at += 2
    return np.int64(_SOME), np.int64(words.ctypes.data)


@_compile
def _join(gathered: Any, codes: Any, places: Any, words: Any) -> Any:
    """Who is in any of at least two parts: code and place, in `words`."""
    at = len(gathered) - 1
    while at >= 0 and codes[gathered[at]] >> FORM_BITS == DRAWN:
        one = places[gathered[at]]
        at -= 1
        other = one
        if at >= 0 and codes[gathered[at]] >> FORM_BITS == DRAWN:
            other = places[gathered[at]]
            at -= 1
        if at >= len(gathered) - 3:
            for n in range(WORDS):
                words[n] = word_at(one, n) | word_at(other, n)
        else:
            for n in range(WORDS):
                words[n] |= word_at(one, n) | word_at(other, n)
    if at == len(gathered) - 1:
        words[:] = np.uint64(0)
    for part in gathered[: at + 1]:
        _add(words, places[part], codes[part] & _SIZE_MASK)
    return np.int64(_SOME), np.int64(words.ctypes.data)


@_compile
def _except(code: Any, place: Any, other: Any, other_place: Any, words: Any, listed: Any) -> Any:
    """Who is in the first block and not in the other: code and place."""
    form, other_form = code >> FORM_BITS, other >> FORM_BITS
    if form == NOBODY or other_form == ALL:
        return np.int64(NOBODY), np.int64(0)
    if other_form == NOBODY:
        return code, place
    if form == LISTED:
        _copy_list(listed, place, code & _SIZE_MASK)
        count = _sift(listed, code & _SIZE_MASK, other, other_place, False)
        return _code_of_list(count), np.int64(listed.ctypes.data)
    if form == DRAWN and other_form == DRAWN:
        for n in range(WORDS):
            words[n] = word_at(place, n) & ~word_at(other_place, n)
    elif other_form == DRAWN:
        for n in range(WORDS):
            words[n] = ~word_at(other_place, n)
    else:
        _draw(words, code, place)
        _take_out(words, other, other_place)
    return np.int64(_SOME), np.int64(words.ctypes.data)


@_compile
def _bucket(words: Any, start: Any, bucket: Any) -> None:
    """Leave in `words` those whose bucket is at least low and below high; as `buckets.bucket_numbers` reckons it."""
    key, low, high = bucket[0], bucket[1], bucket[2]
    for n in range(WORDS):
        left, kept = words[n], np.uint64(0)
        while left:
            bit = left & (~left + _ONE)
            mixed = (np.uint64(start + n * 64) + ones(bit - _ONE)) ^ key
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed = mixed ^ (mixed >> np.uint64(31))
            place = ((mixed >> np.uint64(32)) * _PPM) >> np.uint64(32)
            if low <= place < high:
                kept |= bit
            left ^= bit
        words[n] = kept


@_compile
def _look_up(table: Any, chunk: Any) -> Any:
    """Code and place of a set's block, `table` being the address and length of its table."""
    address, length = table
    if chunk >= length:
        return np.int64(NOBODY), np.int64(0)
    return number_at(address, chunk), number_at(address, length + chunk)


@_compile
def _announce(table: Any, chunks: Any, at: Any) -> None:
    """Have a block fetched that is wanted soon, if there is one: the processor's own foresight ends with every page."""
    code, place = _look_up(table, chunks[at]) if at < len(chunks) else (np.int64(NOBODY), np.int64(0))
    form = code >> FORM_BITS
    length = 2 * (code & _SIZE_MASK) if form == LISTED else _BITSET_BYTES
    if form in (LISTED, DRAWN):
        for offset in range(0, length, 64):
            fetch(place + offset)


@_compile
def _combine(kind: Any, taken: Any, codes: Any, places: Any, words: Any, listed: Any, gathered: Any) -> Any:
    """Code and place of what `MEET` or `JOIN` makes of the parts `taken`."""
    neutral, final = (_WHOLE, NOBODY) if kind == MEET else (NOBODY, _WHOLE)
    count = _gather(taken, codes, neutral, final, gathered)
    if count < 1:
        return np.int64(neutral if count == 0 else final), np.int64(0)
    if count == 1:
        return codes[gathered[0]], places[gathered[0]]
    if kind == MEET:
        return _meet(gathered[:count], codes, places, words, listed)
    return _join(gathered[:count], codes, places, words)


@_compile
def work(
    tables: Any, program: Any, parts: Any, buckets: Any, chunks: Any, turn: Any, hands: Any, counts: Any, made: Any
) -> None:
    """Run a program over chunks in turn with other threads, `hands` in all, until none is left.

    `tables` (leaves, 2): address and length of each table of blocks. `program` (steps, 4): what to do, its leaf, or
    where its `parts` begin and end, and whether it is counted. `buckets` (steps, 3): key, low, high. `chunks`: their
    numbers. `turn` (1): the next. Adds to `counts` how many every counted step comes to, and draws the last step's
    members into `made` (chunks or 0, words).
    """
    steps = len(program)
    codes, places = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
    words, listed = np.empty((steps, WORDS), np.uint64), np.empty((steps, LISTED_MAX), np.uint16)
    gathered = np.empty(len(parts), np.int64)
    chunk = next_turn(turn.ctypes.data)
    while chunk < len(chunks):
        for step in range(steps):
            kind, begin, end, counted = program[step]
            taken = parts[begin:end]
            if kind == LEAF:
                codes[step], places[step] = _look_up(tables[begin], chunks[chunk])
                _announce(tables[begin], chunks, chunk + hands)
            elif kind == EXCEPT:
                one, other = taken[0], taken[1]
                codes[step], places[step] = _except(
                    codes[one], places[one], codes[other], places[other], words[step], listed[step]
                )
            elif kind == BUCKET:
                _draw(words[step], codes[taken[0]], places[taken[0]])
                _bucket(words[step], chunks[chunk] * CHUNK, buckets[step])
                codes[step], places[step] = np.int64(_SOME), words[step].ctypes.data
            else:
                codes[step], places[step] = _combine(kind, taken, codes, places, words[step], listed[step], gathered)
            if counted:
                codes[step] = _counted(codes[step], places[step])
                counts[step] += codes[step] & _SIZE_MASK
        if len(made):
            _draw(made[chunk], codes[steps - 1], places[steps - 1])
        chunk = next_turn(turn.ctypes.data)


@_compile
def survey(address: Any, length: Any, found: Any) -> Any:
    """Look through the `length` bytes of a bitmap (the roaring portable format) at `address`.

    Writes (chunk, bytes of kind, members, address) of each container into `found` as far as it has room. Returns how
    many there are, or what is wrong: bytes that end too early are never read past.
    """
    cookie = half_at(address, 0) if length >= 8 else 0
    runs = (cookie & 0xFFFF) == _RUNS
    if not runs and cookie != _NO_RUNS:
        return NO_BITMAP
    count = np.int64(cookie >> 16) + 1 if runs else np.int64(half_at(address, 1))
    marks = 4 if runs else 8
    heads = marks + ((count + 7) // 8 if runs else 0)
    at = heads + 4 * count + (4 * count if not runs or count >= 4 else 0)
    if count > CHUNK:
        return NO_BITMAP
    before = np.int64(-1)
    for n in range(count if at <= length else 0):
        chunk = np.int64(short_at(address + heads, 2 * n))
        size = np.int64(short_at(address + heads, 2 * n + 1)) + 1
        if chunk <= before:
            return UNORDERED
        before = chunk
        kind = LISTED if size <= _ARRAY_MAX else DRAWN
        taken = 2 * size if kind == LISTED else np.int64(_BITSET_BYTES)
        if runs and (byte_at(address, marks + n // 8) >> (n % 8)) & 1:
            kind, taken = ALL, np.int64(2)
            if at + 2 <= length:
                taken += 4 * np.int64(short_at(address + at, 0))
        if at + taken > length:
            return TRUNCATED
        if n < len(found):
            found[n, 0], found[n, 1], found[n, 2], found[n, 3] = chunk, kind, size, address + at
        at += taken
    return count if at <= length else TRUNCATED


@_compile
def fill(containers: Any, erased: Any, drawn: Any, listed: Any, codes: Any, places: Any) -> Any:
    """Make blocks of containers, (chunk, kind, members, address) by ascending chunk, several of a chunk united.

    `erased`: the table of whom to leave out. `drawn` (room for those
    told to be many and one more, words) and `listed` take what needs a place. `codes`, `places`, one for each chunk.
    Returns how many of both were used; less than nothing where containers hold more than they told.
    """
    at = cell = used = numbers = 0
    while at < len(containers) and used < len(drawn):
        chunk, words, told = containers[at, 0], drawn[used], 0
        words[:] = np.uint64(0)
        while at < len(containers) and containers[at, 0] == chunk:
            _unite(words, containers[at, 1], containers[at, 2], containers[at, 3])
            told += containers[at, 2]
            at += 1
        if chunk < erased.shape[1] and erased[0, chunk]:
            _take_out(words, erased[0, chunk], erased[1, chunk])
        size = _size(words)
        codes[cell], places[cell] = _coded(size), words.ctypes.data
        if told <= LISTED_MAX and 0 < size <= told:
            codes[cell], places[cell] = LISTED << FORM_BITS | size, listed[numbers:].ctypes.data
            numbers = _list(words, listed, numbers)
        elif codes[cell] >> FORM_BITS == DRAWN:
            used += 1
        cell += 1
    return (used if used < len(drawn) else UNORDERED), numbers


@_compile
def _unite(words: Any, kind: Any, size: Any, place: Any) -> None:
    """Add a container, of runs where it is `ALL`, to words."""
    if kind == LISTED:
        _add(words, place, size)
    elif kind == DRAWN:
        for n in range(WORDS):
            words[n] |= word_at(place, n)
    else:
        for run in range(short_at(place, 0)):
            begin: Any = np.int64(short_at(place, 1 + 2 * run))
            end: Any = min(begin + np.int64(short_at(place, 2 + 2 * run)), CHUNK - 1)
            for n in range(begin >> 6, (end >> 6) + 1):
                mask = _FULL
                if n == begin >> 6:
                    mask &= _FULL << np.uint64(begin & 63)
                if n == end >> 6:
                    mask &= _FULL >> np.uint64(63 - (end & 63))
                words[n] |= mask


@_compile
def _list(words: Any, listed: Any, at: Any) -> Any:
    """Write the members of words as numbers from `at` on; where they end."""
    for n in range(WORDS):
        left = words[n]
        while left:
            bit = left & (~left + _ONE)
            listed[at] = np.uint16(n * 64 + np.int64(ones(bit - _ONE)))
            at += 1
            left ^= bit
    return at


@_compile
def pack(made: Any, sizes: Any, ends: Any, payload: Any) -> None:
    """Write each chunk of `made` as a container of the portable format that ends at its `ends` in `payload`."""
    numbers = np.empty(_ARRAY_MAX, np.uint16)
    for chunk in range(len(made)):
        size = sizes[chunk]
        if size > _ARRAY_MAX:
            payload[ends[chunk] - _BITSET_BYTES : ends[chunk]] = made[chunk].view(np.uint8)
        elif size > 0:
            _list(made[chunk], numbers, 0)
            payload[ends[chunk] - 2 * size : ends[chunk]] = numbers[:size].view(np.uint8)


@_compile
def size_all(made: Any, sizes: Any) -> None:
    """How many are in each chunk of `made`."""
    for chunk in range(len(made)):
        sizes[chunk] = _size(made[chunk])
