"""Models: what customers will probably do and be worth, learned from the bank's own past and judged on a later time.

made = await models.train(database, clickhouse, tenant, actor, TaskName.CHURN_30)   drafts, the best recommended
change_id = await models.propose(tx, made[0].id)                                     another person approves
run = await models.score(database, clickhouse, tenant, TaskName.CHURN_30)            everybody, and the band's tag
told = await models.explain(tx, clickhouse, seq)                                     with drivers in words

Beneath, pure: `learn`, `scores`, `judge`, `contributions`, `drift` on rows; `fit_comeback`, `fit_worth` on purchases.
"""

from huoke.know.models.choose import ModelApproval, get, propose, retire
from huoke.know.models.explain import explain, members, scores_of
from huoke.know.models.features import FEATURES, Feature
from huoke.know.models.leak import check_leak
from huoke.know.models.learn import (
    Algorithm,
    Judgement,
    Learned,
    OutcomeTooRare,
    Rows,
    contributions,
    drift,
    judge,
    learn,
    scores,
)
from huoke.know.models.lifetime import (
    Comeback,
    Purchases,
    TooFew,
    Worth,
    fit_comeback,
    fit_worth,
    lifetime_value,
)
from huoke.know.models.model import (
    DRIFT_MAX,
    TASKS,
    Damaged,
    Explained,
    FeatureLeaks,
    ModelUnknown,
    NoChampion,
    NothingHappened,
    Run,
    Score,
    StandingUnfit,
    State,
    StateUnfit,
    TaskName,
    Version,
)
from huoke.know.models.read import TaskRow, VersionPage, ask_scoring, ask_training, page, tasks, versions
from huoke.know.models.score import band_tags, predict, score
from huoke.know.models.train import train
from huoke.know.models.trees import make_ready

__all__ = [
    "DRIFT_MAX",
    "FEATURES",
    "TASKS",
    "Algorithm",
    "Comeback",
    "Damaged",
    "Explained",
    "Feature",
    "FeatureLeaks",
    "Judgement",
    "Learned",
    "ModelApproval",
    "ModelUnknown",
    "NoChampion",
    "NothingHappened",
    "OutcomeTooRare",
    "Purchases",
    "Rows",
    "Run",
    "Score",
    "StandingUnfit",
    "State",
    "StateUnfit",
    "TaskName",
    "TaskRow",
    "TooFew",
    "Version",
    "VersionPage",
    "Worth",
    "ask_scoring",
    "ask_training",
    "band_tags",
    "check_leak",
    "contributions",
    "drift",
    "explain",
    "fit_comeback",
    "fit_worth",
    "get",
    "judge",
    "learn",
    "lifetime_value",
    "make_ready",
    "members",
    "page",
    "predict",
    "propose",
    "retire",
    "score",
    "scores",
    "scores_of",
    "tasks",
    "train",
    "versions",
]
