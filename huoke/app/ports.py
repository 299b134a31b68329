"""Who serves which port: the one place where low modules learn who acts for them."""

from huoke.app.listings import all_listings
from huoke.govern import approvals, audit, identity, people, privacy, views
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx
from huoke.know import (
    accounts,
    customers,
    events,
    exclusions,
    grid,
    identities,
    lists,
    membership,
    metrics,
    models,
    ownership,
    relations,
    segments,
    tags,
    temperature,
)
from huoke.know.language import Analytics
from huoke.measure import figures
from huoke.reach import campaigns, sign_in
from huoke.reward import (
    bookings,
    exchange,
    grants,
    group_buy,
    library,
    mall,
    payments,
    plays,
    points,
    referral,
    supply,
    tiers,
)
from huoke.settle import care, consignments, fulfilment, tax


def register_ports(settings: Settings, clickhouse: ClickHouse | None = None) -> None:
    """Register every port of this process, and take the instance's master key from its file.

    `clickhouse` is the process's own; without it one is opened when it is first needed.
    """
    privacy.unlock(settings.key_path)
    files.register_keys(files.MasterKeys.load(settings.key_path))
    audit.register_names(people.staff.names)
    identity.register_customer_resolver(_seq_of)
    privacy.register_revealer("customer", _open_field)
    views.register_listings(all_listings)
    privacy.register_personal(
        customers.PersonalCustomers(), events.PersonalEvents(), grants.PersonalGrants(), care.PersonalCare()
    )
    privacy.register_personal(sign_in.PersonalSignIn(), accounts.PersonalAccounts(), relations.PersonalRelations())
    _register_entities()
    approvals.register(customers.ErasureApproval())
    approvals.register(customers.DatabaseApproval(lambda: customers.allowed_of(settings.import_addresses)))
    approvals.register(identities.MergeApproval())
    approvals.register(identities.RulesApproval())
    approvals.register(customers.BandsApproval())
    customers.register_recount("grants", grants.recount)
    grants.register_holding("mall", mall.held_of_budgets)
    grants.register_bookings(bookings.GrantBookings())
    privacy.register_personal(mall.PersonalMall())
    customers.register_recount("care", care.recount)
    _register_friends()
    analytics = _analytics(settings, clickhouse)
    _register_plays(analytics)
    customers.register_value_names(tiers.ATTRIBUTE, tiers.names)
    customers.register_recount("points", points.recount)
    campaigns.register_ports(analytics)
    approvals.register(lists.ListChange())
    approvals.register(tags.TagsApproval())
    approvals.register(models.ModelApproval())
    tags.register_users("segment", segments.users_of_tags)
    events.register_users("tag", tags.readers_of)
    privacy.register_personal(tags.PersonalTags(), temperature.PersonalTemperature(), membership.PersonalMembership())
    privacy.register_personal(grid.PersonalGrid())
    grid.register_cost(figures.cost_of)
    approvals.register(grid.AxisApproval(analytics))
    _register_points(analytics)
    approvals.register(temperature.ScaleApproval(clickhouse or ClickHouse(settings.clickhouse_url)))
    events.register_users("segment", segments.readers_of)
    events.register_users("metric", metrics.readers_of)
    segments.register_users("campaign", campaigns.users_of_segments)
    segments.register_users("list", lists.users)
    segments.register_users("exclusion", exclusions.uses)
    segments.register_exclusions(exclusions.leave_out)
    segments.register_followed(membership.followed)
    membership.register_needs(exclusions.needs)
    approvals.register(exclusions.ExclusionLifting())
    approvals.register(fulfilment.PrepaymentApproval())
    for port in (
        care.ServiceOfferApproval(),
        care.CompensationApproval(),
        care.ReturnApproval(),
        care.ExtensionApproval(),
        care.ReadingApproval(),
        tiers.SchemeApproval(),
        mall.ShelfApproval(),
        payments.CashierApproval(),
        payments.RefundApproval(),
    ):
        approvals.register(port)
    approvals.register(library.PriceApproval())
    _register_suppliers()


def _register_plays(analytics: Analytics) -> None:
    customers.register_recount("plays", plays.recount)
    approvals.register(plays.PlayApproval())
    approvals.register(plays.AmendmentApproval())
    plays.read_from(analytics)


def _register_suppliers() -> None:
    supply.register_adapter("rest_hmac", fulfilment.RestSupplier)
    supply.register_adapter("core_file", fulfilment.CoreFileSupplier, has_refunds=False)
    supply.register_adapter("busifavor", fulfilment.CouponSupplier, fulfilment.check_coupon_keys, has_refunds=False)
    supply.register_adapter(
        consignments.ADAPTER,
        consignments.FileSupplier,
        consignments.check_key,
        has_address=False,
        has_refunds=False,
    )
    approvals.register(fulfilment.RefundApproval())
    approvals.register(fulfilment.RefundEndApproval())
    approvals.register(consignments.ConsignmentChange())


def _register_entities() -> None:
    customers.register_entity(accounts.Accounts(), accounts.Holdings(), accounts.Transactions(), relations.Relations())
    customers.register_entity(ownership.Ownerships())
    approvals.register(ownership.HandOverApproval())


def _register_friends() -> None:
    customers.register_recount("referral", referral.recount)
    privacy.register_personal(referral.PersonalReferral())
    approvals.register(referral.ProgrammeApproval())
    approvals.register(tax.MonthApproval())
    approvals.register(tax.RemittanceApproval())
    approvals.register(referral.CaseApproval())
    customers.register_recount("group_buy", group_buy.recount)
    privacy.register_personal(group_buy.PersonalGroupBuy())
    approvals.register(group_buy.GroupBuyApproval())


def _register_points(analytics: Analytics) -> None:
    privacy.register_personal(points.PersonalPoints())
    for change in (points.TypeApproval(), points.AdjustmentApproval(), points.FreezeApproval()):
        approvals.register(change)
    approvals.register(points.RuleApproval(analytics))
    privacy.register_personal(exchange.PersonalExchange())
    approvals.register(exchange.CardApproval())
    approvals.register(exchange.FundingApproval())
    approvals.register(exchange.PartnerApproval())
    approvals.register(exchange.ReleaseApproval())


def _analytics(settings: Settings, clickhouse: ClickHouse | None) -> Analytics:
    return Analytics(clickhouse or ClickHouse(settings.clickhouse_url), SetServer(settings.set_server_path))


async def _seq_of(tx: Tx, customer_no: str) -> int | None:
    return (await customers.find_by_no(tx, [customer_no])).get(customer_no)


async def _open_field(tx: Tx, seq: int, field: privacy.Field) -> privacy.Found | None:
    plaintext = await customers.open_field(tx, seq, field)
    if plaintext is None:
        return None
    _, unit_id, *_ = await customers.state(tx, Seq(seq))
    return privacy.Found(plaintext, unit_id)
