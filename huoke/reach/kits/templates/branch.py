"""Online to branch: who is at home in the app is invited to an outlet; the benefit is for the visit."""

from huoke.know.entry_points import EntryPointKind
from huoke.reach.campaigns import (
    ONE_EACH,
    ONE_EACH_EN,
    CampaignMode,
    Draft,
    EntryPlan,
    attr,
    every,
    page_of,
    sms,
)
from huoke.reach.kits.model import Act, Circle, Kit, Offer, Threshold, Words

VISITED = {"kind": "event", "name": "branch.visited", "measure": "count", "op": ">=", "value": 1, "window_days": 30}
BRANCH_VISIT = Kit(
    key="branch_visit",
    name=Words("线上到网点", "Online to branch"),
    summary=Words(
        "请手机银行里活跃的客户到网点：线上预约，到店扫码签到，客户经理接待，离店可领一份权益。",
        "Customers active in the app come to an outlet: book, check in by QR, be served by the relationship manager.",
    ),
    rewarded=Words("奖励到店一次，不要求办理任何业务。", "For one visit; nothing has to be bought or opened."),
    measured=Words("三十天内到访网点的比例", "Share who visit an outlet within thirty days"),
    threshold=Threshold(
        label=Words("近三十天登录不少于", "Sign-ins in thirty days, at least"), unit=Words("次", "times"), default=3,
        least=1, most=60,
    ),
    circles=(
        Circle(
            name=Words("线上活跃客户", "Active online"),
            expression=lambda _today, often: every(attr("has_app", "=", True), attr("logins_30d", ">=", often)),
        ),
    ),
    act=Act(name=Words("三十天内到访过网点", "Visited an outlet within thirty days"), expression=VISITED),
    offers=(
        Offer(
            acted=True,
            draft=Draft(
                name="到店礼",
                goal="把线上活跃客户请到网点，由客户经理接待",
                mode=CampaignMode.PULL,
                metric="branch_visit",
                metric_days=30,
                valid_days=14,
                entry_points=[EntryPlan(name="大堂签到码", kind=EntryPointKind.QR), EntryPlan(name="App 预约页")],
                page_texts=page_of(
                    ("到网点坐坐", "线上预约，到店扫码签到后领取", f"到访网点并扫码签到后即可领取。{ONE_EACH}"),
                    (
                        "Come and see us",
                        "Book online, check in at the outlet, then claim",
                        f"To be claimed after checking in at an outlet. {ONE_EACH_EN}",
                    ),
                ),
                message=sms(
                    "{name}您好，您的客户经理想请您到网点坐坐，签到后可领{benefit}，{expires}前有效：{link}",
                    "Hello {name}, visit your outlet and check in: a {benefit} is yours until {expires}: {link}",
                ),
            ),
        ),
    ),
)  # fmt: skip
