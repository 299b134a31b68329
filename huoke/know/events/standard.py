"""The event names every bank has from its first day; a bank adds names and properties of its own."""

from huoke.kernel.events import DataClass
from huoke.know.events.model import EventSchema, Property, PropertyType

PAGE = "page.viewed"
SCREEN = "screen.viewed"
IDENTIFIED = "customer.identified"
GROUPED = "customer.grouped"
ALIASED = "customer.aliased"

_LABELS = {
    "channel": ("渠道", "Channel"), "device": ("设备", "Device"), "path": ("路径", "Path"), "title": ("标题", "Title"),
    "name": ("名称", "Name"), "category": ("类别", "Category"), "campaign": ("活动", "Campaign"),
    "benefit": ("权益", "Benefit"), "merchant": ("商户", "Merchant"), "city": ("城市", "City"),
    "method": ("支付方式", "Method"), "direction": ("方向", "Direction"), "account": ("账户", "Account"),
    "type": ("类型", "Type"), "counterparty_kind": ("对手类型", "Kind of counterparty"),
    "employer": ("代发单位", "Employer"),
    "product": ("产品", "Product"), "kind": ("种类", "Kind"), "card_kind": ("卡种", "Kind of card"),
    "outlet": ("网点", "Outlet"), "matter": ("事项", "Matter"), "topic": ("主题", "Topic"), "group": ("群组", "Group"),
    "url": ("网址", "URL"), "search": ("查询串", "Query string"), "referrer": ("来源页", "Referrer"),
    "keywords": ("关键词", "Keywords"), "balance_fen": ("余额(分)", "Balance (fen)"),
    "counterparty": ("对手方", "Counterparty"), "phone": ("手机号", "Phone"), "email": ("邮箱", "E-mail"),
    "id_document": ("证件号", "Id document"), "address": ("地址", "Address"), "birthday": ("生日", "Birthday"),
    "gender": ("性别", "Gender"), "app_version": ("应用版本", "App version"), "seconds": ("时长(秒)", "Seconds"),
    "plan": ("套餐", "Plan"), "bank": ("银行", "Bank"), "constant_symbol": ("用途码", "Constant symbol"),
    "steps": ("当日步数", "Steps of the day"), "source": ("来源", "Source"),
    "job": ("职业", "Occupation"), "life_stage": ("人生阶段", "Stage of life"),
    "contact_time": ("方便联系的时间", "Best time to reach them"), "note": ("检视备注", "Note of the review"),
}  # fmt: skip
_TYPES = {"balance_fen": PropertyType.INTEGER, "seconds": PropertyType.INTEGER, "birthday": PropertyType.DATE,
          "steps": PropertyType.INTEGER}  # fmt: skip


def _schema(
    name: str, title: str, title_en: str, properties: str, private: str = "", *, deposit_derived: bool = False
) -> EventSchema:
    return EventSchema(
        name=name,
        title=title,
        title_en=title_en,
        properties=(
            *(_property(one, DataClass.C1) for one in properties.split()),
            *(_property(one, DataClass.C2) for one in private.split()),
        ),
        deposit_derived=deposit_derived,
        standard=True,
    )


def _property(name: str, data_class: DataClass) -> Property:
    label, label_en = _LABELS[name]
    kind = _TYPES.get(name, PropertyType.TEXT)
    return Property(name=name, label=label, label_en=label_en, type=kind, data_class=data_class)


STANDARD = {
    schema.name: schema
    for schema in (
        _schema("app.login", "登录", "Signed in", "channel device city app_version"),
        _schema(PAGE, "浏览页面", "Viewed a page", "path title name category campaign channel keywords seconds",
                "url search referrer"),
        _schema(SCREEN, "浏览屏幕", "Viewed a screen", "name category campaign channel seconds"),
        _schema("benefit.viewed", "浏览权益", "Viewed a benefit", "benefit campaign channel"),
        _schema("campaign.viewed", "浏览活动", "Viewed a campaign", "campaign channel"),
        _schema("payment.made", "支付", "Paid", "channel category merchant city method"),
        _schema("transfer.made", "转账", "Transferred", "channel direction", "counterparty"),
        _schema("bill.paid", "缴费", "Paid a bill", "category channel"),
        _schema("transaction.posted", "账户交易", "Account transaction",
                "account type category channel counterparty_kind constant_symbol bank", "balance_fen counterparty",
                deposit_derived=True),
        _schema("salary.received", "工资到账", "Salary received", "employer channel", deposit_derived=True),
        _schema("product.viewed", "浏览产品", "Viewed a product", "product kind channel"),
        _schema("product.bought", "购买产品", "Bought a product", "product kind channel"),
        _schema("product.matured", "产品到期", "Product matured", "product kind"),
        _schema("card.activated", "开卡激活", "Activated a card", "card_kind channel"),
        _schema("branch.visited", "到访网点", "Visited an outlet", "outlet matter"),
        _schema("visit.served", "到访接待", "Was received on a visit", "outlet"),
        _schema("steps.recorded", "记录步数", "Steps recorded", "steps source"),
        _schema("review.held", "资产检视", "Held a review", "channel topic", "note"),
        _schema("profile.completed", "完善资料", "Completed the own profile", ""),
        _schema("call.made", "通话", "Call", "direction topic seconds"),
        _schema("complaint.made", "投诉", "Complained", "channel topic"),
        _schema("message.opened", "打开消息", "Opened a message", "channel campaign"),
        _schema(IDENTIFIED, "识别身份", "Identified", "gender city plan job life_stage contact_time",
                "name phone email id_document address birthday"),
        _schema(GROUPED, "加入群组", "Joined a group", "group name"),
        _schema(ALIASED, "合并身份", "Joined identities", ""),
    )
}  # fmt: skip
