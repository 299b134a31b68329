"""The route of metrics."""

from litestar import get

from huoke.know import metrics
from huoke.know.metrics.model import Metric


@get(
    "/v1/metrics",
    operation_id="find_metrics",
    tags=["metrics"],
    summary="What a campaign can be measured by",
    opt={"permission": "campaign.read"},
)
async def find_metrics() -> list[Metric]:
    """Every metric with its definition."""
    return metrics.find()


routes = [find_metrics]
