"""Reviews: a relationship manager talked a customer's plans over with them; told as an event that kits may reward.

review_id = await reviews.hold(tx, principal, NewReview(seq=…, topic=Topic.ASSETS, channel=Channel.BRANCH))
"""

from huoke.reach.reviews.hold import HELD, hold
from huoke.reach.reviews.model import Channel, NewReview, NoteLong, NotTheirs, Topic

__all__ = ["HELD", "Channel", "NewReview", "NotTheirs", "NoteLong", "Topic", "hold"]
