"""The three kinds of "it did not happen", never mixed.

    Exception
    ├── AssertionError     a bug: the program is wrong
    ├── Refusal            an expected no: typed, with a stable code, named field and mend
    │   ├── NotFound       404    ├── Conflict   409
    │   ├── Forbidden      403    ├── Invalid    422
    │   ├── Unauthorised   401    └── TooMany    429
    └── Outage             a part is away: the same call may succeed later (503)

HTTP statuses are mapped once, in `kernel.http`, as problem+json (RFC 9457).
"""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An expected no.

    `code` is stable and documented; `detail` is a sentence that names the field and the mend; `pointer` is an RFC 6901
    pointer into the request; `data` holds the numbers a page needs to explain the refusal in its own language.
    Subclass it beside what refuses, and set `code`: `class Overdrawn(Conflict): code = "ledger.overdrawn"`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, detail: str, *, pointer: str = "", **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.data = data


class NotFound(Refusal):
    """There is no such thing in this bank, or none that the caller may know of."""

    code = "not_found"
    status = 404


class Conflict(Refusal):
    """The thing is not in a state that allows it, or another request came first."""

    code = "conflict"
    status = 409


class Forbidden(Refusal):
    """The caller may not do this."""

    code = "forbidden"
    status = 403


class Unauthorised(Refusal):
    """The caller is not signed in."""

    code = "unauthorised"
    status = 401


class Invalid(Refusal):
    """The request itself is wrong; `pointer` says where."""

    code = "invalid"
    status = 422


class TooMany(Refusal):
    """Too many tries; `retry_after_seconds` in `data` says when to come back."""

    code = "too_many"
    status = 429


class Outage(Exception):  # noqa: N818
    """A part the answer needs is away; retrying later may succeed."""

    def __init__(self, detail: str, *, unknown: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.unknown = unknown
        """True where the work may have been done: resolve it by `request_no` before trying again."""
