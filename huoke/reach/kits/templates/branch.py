"""Online to branch: who is at home in the app books a visit, checks in by QR, is received; the visit is rewarded."""

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
from huoke.reach.kits.model import Act, Circle, Kit, Offer, Threshold, VisitService, Words

SERVED = {"kind": "event", "name": "visit.served", "measure": "count", "op": ">=", "value": 1, "window_days": 30}
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
    visit=VisitService(
        name=Words("网点预约到访", "A booked visit"),
        acceptance=Words("在预约的网点，到店扫码签到", "At the branch booked; check in by its code"),
    ),
    act=Act(name=Words("三十天内预约到访并获接待", "Received on a booked visit in thirty days"), expression=SERVED),
    offers=(
        Offer(
            visit=True,
            draft=Draft(
                name="预约到访",
                goal="把线上活跃客户请到网点，由客户经理接待",
                mode=CampaignMode.PULL,
                metric="branch_visit",
                metric_days=30,
                valid_days=30,
                entry_points=[EntryPlan(name="App 预约页")],
                page_texts=page_of(
                    (
                        "预约到网点坐坐",
                        "选网点和时间，到店扫码签到",
                        f"领取后选择网点与时间即完成预约，开始前两小时可改约或取消。签到并获接待后可领一份到店礼，无需办理业务。{ONE_EACH}",
                    ),
                    (
                        "Book a visit",
                        "Choose branch and time, check in by code",
                        f"Move or cancel until two hours before. A gift is yours once you were received. {ONE_EACH_EN}",
                    ),
                ),
                message=sms(
                    "{name}您好，您的客户经理想请您到网点坐坐，选个方便的时间，{expires}前有效：{link}",
                    "Hello {name}, your relationship manager invites you. Choose a time until {expires}: {link}",
                ),
            ),
        ),
        Offer(
            acted=True,
            controlled=False,
            draft=Draft(
                name="到店礼",
                goal="预约到访并获接待的客户领一份权益",
                mode=CampaignMode.PULL,
                metric="branch_visit",
                metric_days=30,
                valid_days=14,
                entry_points=[EntryPlan(name="大堂海报", kind=EntryPointKind.QR)],
                page_texts=page_of(
                    ("到店礼", "接待之后领取", f"预约到访、扫码签到并由客户经理接待后即可领取。{ONE_EACH}"),
                    (
                        "Thank you for coming",
                        "To be claimed after your visit",
                        f"To be claimed after a booked visit on which you were received. {ONE_EACH_EN}",
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
