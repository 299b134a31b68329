"""The kits of the house, in the order of the gallery: one file each."""

from huoke.reach.kits.model import Kit
from huoke.reach.kits.templates.branch import BRANCH_VISIT
from huoke.reach.kits.templates.dormant import DORMANT_CARD
from huoke.reach.kits.templates.layers import TIERED_OPERATION
from huoke.reach.kits.templates.mall import MALL_OPENING
from huoke.reach.kits.templates.maturity import MATURITY_CARE
from huoke.reach.kits.templates.month import GAME_MONTH
from huoke.reach.kits.templates.newcomers import FIRST_90_DAYS
from huoke.reach.kits.templates.payroll import PAYROLL
from huoke.reach.kits.templates.profile import PROFILE
from huoke.reach.kits.templates.wealth import WEALTH_UPGRADE

KITS: dict[str, Kit] = {
    kit.key: kit
    for kit in (
        PAYROLL,
        TIERED_OPERATION,
        MALL_OPENING,
        BRANCH_VISIT,
        DORMANT_CARD,
        FIRST_90_DAYS,
        WEALTH_UPGRADE,
        MATURITY_CARE,
        PROFILE,
        GAME_MONTH,
    )
}

__all__ = ["KITS"]
