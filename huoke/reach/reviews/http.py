"""Routes of reviews."""

from uuid import UUID

from litestar import post

from huoke.kernel.http import Principal, Result, each
from huoke.kernel.tx import Tx
from huoke.reach import reviews
from huoke.reach.reviews.model import NewReview


@post(
    "/v1/reviews",
    operation_id="hold_reviews",
    tags=["reviews"],
    summary="Record reviews that the caller held with own customers",
    opt={"permission": "review.hold"},
)
async def hold_reviews(tx: Tx, principal: Principal, data: list[NewReview]) -> list[Result]:
    """One a customer and day; the same again is the first one."""

    async def write(tx: Tx, new: NewReview) -> UUID:
        return await reviews.hold(tx, principal, new)

    return await each(tx, data, write)


routes = [hold_reviews]
