"""Models over HTTP: what can be foretold, versions, training, approval, scoring, one customer's scores."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import staff
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, models
from huoke.know.models.model import STANDING_MAX, Explained, TaskName, Version
from huoke.know.models.read import TaskRow, VersionPage

MODELS = ["models"]
READ = {"permission": "model.read"}
WRITE = {"permission": "model.write"}
OF_CUSTOMERS = {"permission": "customer.read"}


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """A task to learn anew; `standing` are attributes that count although only their present value is known."""

    task: TaskName
    standing: Annotated[list[str], msgspec.Meta(max_length=STANDING_MAX)] = []


class Scoring(msgspec.Struct, frozen=True, kw_only=True):
    """A task to score everybody by."""

    task: TaskName


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """The change another person decides."""

    change_id: UUID


@get("/v1/model-tasks", operation_id="list_model_tasks", opt=READ, tags=MODELS, summary="What models foretell")
async def list_model_tasks(tx: Tx) -> Page[TaskRow]:
    """Each with the version that tells it, and the latest scoring."""
    return Page(items=await models.tasks(tx))


@get("/v1/models", operation_id="list_models", opt=READ, tags=MODELS, summary="Versions of models, latest first")
async def list_models(tx: Tx, task: TaskName | None = None) -> Page[Version]:
    """Of one task, or of all."""
    return Page(items=await _named(tx, await models.versions(tx, task)))


@get("/v1/models/{model_id:uuid}", operation_id="get_model", opt=READ, tags=MODELS, summary="One version of a model")
async def get_model(tx: Tx, model_id: UUID) -> VersionPage:
    """With how it was judged, its features by weight, its scorings, and what it can be compared with."""
    found = await models.page(tx, model_id)
    version, *others = await _named(tx, [found.version, *found.others])
    return msgspec.structs.replace(found, version=version, others=others)


@post(
    "/v1/models/trainings",
    operation_id="train_model",
    opt=WRITE,
    tags=MODELS,
    summary="Have a task learned anew in the background",
    status_code=202,
)
async def train_model(tx: Tx, clickhouse: ClickHouse, data: Training) -> None:
    """The job shows under jobs, what came of it among the versions."""
    await models.ask_training(tx, clickhouse, data.task, data.standing)


@post(
    "/v1/models/scorings",
    operation_id="score_customers",
    opt=WRITE,
    tags=MODELS,
    summary="Have everybody scored in the background",
    status_code=202,
)
async def score_customers(tx: Tx, data: Scoring) -> None:
    """By the version that tells; the job shows under jobs."""
    await models.ask_scoring(tx, data.task)


@post(
    "/v1/models/{model_id:uuid}/submission",
    operation_id="propose_model",
    opt=WRITE,
    tags=MODELS,
    summary="Propose a version as the one that tells",
)
async def propose_model(tx: Tx, model_id: UUID) -> Proposed:
    """Another person decides."""
    return Proposed(change_id=await models.propose(tx, model_id))


@post(
    "/v1/models/{model_id:uuid}/retirement",
    operation_id="retire_model",
    opt=WRITE,
    tags=MODELS,
    summary="Put a version away for good",
)
async def retire_model(tx: Tx, model_id: UUID) -> Version:
    """Scores it told stay until others are told."""
    found, *_ = await _named(tx, [await models.retire(tx, model_id)])
    return found


@get(
    "/v1/customers/{seq:int}/scores",
    operation_id="list_customer_scores",
    opt=OF_CUSTOMERS,
    tags=MODELS,
    summary="What models tell of one customer, and why",
)
async def list_customer_scores(tx: Tx, principal: Principal, clickhouse: ClickHouse, seq: int) -> Page[Explained]:
    """The latest scores with the features that move them most."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    return Page(items=await models.explain(tx, clickhouse, Seq(seq)))


async def _named(tx: Tx, found: list[Version]) -> list[Version]:
    names = await staff.names(tx, {version.made_by for version in found})
    return [msgspec.structs.replace(version, made_by=names.get(version.made_by, version.made_by)) for version in found]


routes = [
    list_model_tasks,
    list_models,
    train_model,
    score_customers,
    get_model,
    propose_model,
    retire_model,
    list_customer_scores,
]
