"""What the desk reads and says, in both languages; the customer's words, not the program's."""

from datetime import datetime

from huoke.kernel.clock import CHINA
from huoke.measure.desk.model import Said

DONE = {
    "reserved": Said(zh="已列入活动名单，等待客户领取", en="Set aside for the customer; waits to be claimed"),
    "issued": Said(zh="客户已领取", en="Claimed"),
    "fulfilling": Said(zh="客户已领取，转供应商发货", en="Claimed; the supplier is to deliver it"),
    "fulfilled": Said(zh="客户已领取，可以使用", en="Claimed; ready to be used"),
    "used": Said(zh="已使用", en="Used"),
    "failed": Said(zh="未能送达，名额和费用已退回", en="Could not be delivered; stock and money went back"),
    "expired": Said(zh="过期未用，已自动收回", en="Expired unused and went back"),
    "revoked": Said(zh="已收回", en="Taken back"),
    "returned": Said(zh="已退回", en="Returned"),
}
READY_CODE = Said(zh="客户已领取，卡密已备好", en="Claimed; a card code is set aside")
GIVEN = Said(zh="客服补偿发放，可以使用", en="Given by the service desk as a compensation; ready to be used")
CREDITED = Said(zh="已到账", en="Credited")
SEEN = Said(zh="客户查看了卡密，视为已使用", en="The customer looked at the card code: used from then on")
DELIVERED = Said(zh="供应商已送达", en="Delivered by the supplier")
UNDONE = Said(zh="核销已撤销，可以再次使用", en="The redemption was undone; it can be used again")

ORDER = {
    "created": Said(zh="订单已生成，等待提交供应商", en="Order made; not with the supplier yet"),
    "sent": Said(zh="订单已提交供应商", en="Order handed to the supplier"),
    "accepted": Said(zh="供应商已接单，处理中", en="The supplier took the order and works on it"),
    "unknown": Said(
        zh="供应商没有回音，正在查询，不会重复下单", en="No answer from the supplier; asked after, never ordered twice"
    ),
    "success": Said(zh="供应商确认成功", en="The supplier says it is done"),
    "failed": Said(zh="供应商确认失败", en="The supplier says it failed"),
    "refunded": Said(zh="订单款项已退回", en="The order's money is back"),
}
MESSAGE = {
    "queued": Said(zh="短信排队等待发送", en="A message is queued"),
    "unknown": Said(zh="短信网关没有回音，正在查询", en="The gateway did not answer; it is asked after"),
    "sent": Said(zh="短信已交给运营商", en="The message is with the carrier"),
    "delivered": Said(zh="短信已送达客户手机", en="The message reached the customer's phone"),
    "failed": Said(zh="短信未能送达", en="The message could not be delivered"),
    "withheld": Said(zh="短信没有发送", en="The message was not sent"),
}
WITHHELD = {
    "no_consent": Said(zh="客户没有同意接收营销信息", en="The customer did not agree to marketing"),
    "suppressed": Said(zh="客户在免打扰名单上", en="The customer is on a list of those to be left alone"),
    "excluded": Said(zh="客户在本行的排除名单上", en="The customer is on a list that the bank always leaves out"),
    "tag_deleted": Said(zh="客户删除了选中他的标签", en="The customer deleted a tag that they were chosen by"),
    "closed": Said(zh="客户已销户", en="The customer is closed"),
    "no_phone": Said(zh="没有可用的手机号", en="There is no phone number"),
    "frequency": Said(zh="已达到发送次数上限", en="The customer had as many messages as one may have"),
    "joined": Said(zh="客户已合并，每人只发一次", en="The customer was joined, and everybody is told once"),
    "plan_ended": Said(zh="活动已结束，不再发送", en="The campaign was over"),
}
ACT = {
    "message": Said(zh="客服重发活动短信", en="The desk sent the campaign's message again"),
    "link": Said(zh="客服重发领取链接", en="The desk sent the link again"),
    "query_order": Said(zh="客服要求立即查询供应商", en="The desk asked the supplier at once"),
    "cancel_order": Said(zh="客服取消了尚未提交的订单", en="The desk cancelled the order before it went out"),
    "deliver_again": Said(zh="客服安排重新发放", en="The desk had it delivered again"),
}
EXTENSION = {
    "submitted": Said(zh="客服申请延期，等待复核", en="The desk asked for a later end; waits for approval"),
    "done": Said(zh="延期已批准", en="A later end was approved"),
    "refused": Said(zh="延期未获批准", en="A later end was not approved"),
    "withdrawn": Said(zh="客服撤回了延期申请", en="The desk withdrew its request for a later end"),
}
READING = {
    "submitted": Said(
        zh="客服申请向客户告知卡密，等待复核", en="The desk asked to read the code out; waits for approval"
    ),
    "open": Said(zh="告知卡密已批准", en="Reading the code out was approved"),
    "read": Said(zh="客服已向客户告知卡密", en="The desk read the code out to the customer"),
    "refused": Said(zh="告知卡密未获批准", en="Reading the code out was not approved"),
    "withdrawn": Said(zh="客服撤回了告知卡密的申请", en="The desk withdrew its request to read the code out"),
}
FIXED = {
    "used": Said(zh="已经使用，不能延期", en="Used: there is nothing to extend"),
    "credited": Said(zh="积分已到账，有效期以积分账户为准", en="The points are credited; their own end counts"),
    "seen": Said(
        zh="客户已看过卡密，有效期由供应商规定，不能延期",
        en="The customer has seen the code; its supplier says how long it is good",
    ),
    "ordered": Said(zh="订单处理中，没有截止日，不需要延期", en="The order is on its way and has no end to move"),
    "delivered": Said(zh="供应商已经送达，不需要延期", en="Delivered: there is nothing to extend"),
    "expired": Said(zh="已经过期，不能延期；可以申请补偿", en="Expired: it cannot be extended; compensate instead"),
    "over": Said(zh="已经收回或未能送达，不能延期；可以申请补偿", en="Taken back or failed; compensate instead"),
}
EXTENDED = {
    "submitted": Said(zh="延期申请正在等待复核", en="A later end waits for approval"),
    "done": Said(zh="每份权益只能延期一次，已经延过", en="A benefit is extended once, and this one was"),
}
AT_ITS_LAST = Said(
    zh="有效期已到权益条款或供应商允许的最后一天，不能再延",
    en="Its terms, or its supplier's code, reach no further",
)
NO_GATEWAY = Said(zh="短信网关尚未配置，不能发送", en="No message gateway is set up")
NO_LINK = Said(zh="链接后面已经没有可看的内容", en="There is nothing behind the link any more")
CONDITION = {
    ("running", True): Said(zh="活动正在进行", en="The campaign is running"),
    ("running", False): Said(zh="活动没有在进行", en="The campaign is not running"),
    ("active", True): Said(zh="客户状态正常", en="The customer is active"),
    ("active", False): Said(zh="客户已销户", en="The customer is closed"),
    ("consent", True): Said(zh="已同意接收营销信息", en="Agreed to marketing"),
    ("consent", False): Said(zh="没有同意接收营销信息", en="Did not agree to marketing"),
    ("not_suppressed", True): Said(zh="不在免打扰名单上", en="On no list of those to be left alone"),
    ("not_suppressed", False): Said(zh="在免打扰名单上", en="On a list of those to be left alone"),
    ("selected", True): Said(zh="在本次活动的名单内", en="Selected for this campaign"),
    ("selected", False): Said(zh="不在本次活动的名单内", en="Not selected for this campaign"),
    ("audience", True): Said(zh="在活动的客群快照内", en="In the campaign's audience"),
    ("audience", False): Said(zh="不在活动的客群快照内", en="Not in the campaign's audience"),
    ("not_control", True): Said(zh="不在对照组", en="Not in the control group"),
    ("not_control", False): Said(zh="在对照组，请勿告知客户", en="In the control group; do not tell the customer"),
    ("released", True): Said(zh="所在批次已放开", en="The customer's release is open"),
    ("released", False): Said(zh="所在批次尚未放开，请稍后再试", en="The customer's release is not open yet"),
    ("requirement", True): Said(zh="满足领取条件", en="Meets the condition for claiming"),
    ("requirement", False): Said(zh="尚不满足领取条件", en="Does not meet the condition for claiming yet"),
    ("limit", True): Said(zh="没有超过每人限领", en="Within what one person may get"),
    ("limit", False): Said(zh="已达到每人限领", en="Has as many as one person may get"),
    ("stock", True): Said(zh="还有库存", en="There is stock"),
    ("stock", False): Said(zh="已经领完", en="Everything is gone"),
    ("budget", True): Said(zh="活动预算充足", en="There is money"),
    ("budget", False): Said(zh="活动预算已用完", en="The campaign's money is used up"),
}
STATE = {
    "approved": Said(zh="尚未开始", en="not begun yet"),
    "paused": Said(zh="暂停中", en="paused"),
    "stopped": Said(zh="已停止", en="stopped"),
    "ended": Said(zh="已结束", en="ended"),
    "closed": Said(zh="已结束", en="over"),
}
SCRIPT = {
    "running": Said(
        zh="您问的活动目前没有开放领取，感谢您的关注。",
        en="This campaign is not open for claims at the moment. Thank you for your interest.",
    ),
    "active": Said(
        zh="系统显示您的账户状态不支持参加本次活动，请到网点核实。",
        en="Your account cannot take part at the moment; please visit a branch.",
    ),
    "not_suppressed": Said(
        zh="本次活动暂不对您开放，给您带来不便，敬请谅解。",
        en="This campaign is not open to you at present. We are sorry for the inconvenience.",
    ),
    "consent": Said(
        zh="您目前没有开启活动信息服务，开启后以后的活动就能通知到您，需要我告诉您怎么开启吗？",
        en="You have not agreed to receive our offers. Shall I tell you how to switch that on for the future?",
    ),
    "selected": Said(
        zh="本次活动按名单邀请，这一次没有选到您，后续活动欢迎您参加。",
        en="This campaign went to selected customers; this time you were not selected. We hope to see you in the next.",
    ),
    "released": Said(
        zh="活动正在分批开放，请您过些天再看。", en="The campaign opens step by step; please look again in a few days."
    ),
    "requirement": Said(
        zh="您还没有满足活动的领取条件，满足后即可领取。",
        en="You do not meet the campaign's condition yet; once you do, you can claim.",
    ),
    "limit": Said(
        zh="您已经领取过本次活动的权益，请在“我的权益”中查看。",
        en="You have claimed this campaign's benefit already; please look under My benefits.",
    ),
    "stock": Said(
        zh="本次活动的权益已经领完，感谢您的参与。",
        en="All benefits of this campaign have been claimed. Thank you for taking part.",
    ),
    "budget": Said(
        zh="本次活动的权益已经领完，感谢您的参与。",
        en="All benefits of this campaign have been claimed. Thank you for taking part.",
    ),
    "": Said(
        zh="您可以参加本次活动，请打开活动页面领取。",
        en="You can take part: please open the campaign's page and claim.",
    ),
}


def day(at: datetime | None) -> Said:
    """A day as people say it; nothing for none."""
    if at is None:
        return Said(zh="", en="")
    local = at.astimezone(CHINA)
    return Said(zh=f"{local.year}年{local.month}月{local.day}日", en=f"{local.day} {local:%B %Y}")


def joined(one: Said, zh: str, en: str) -> Said:
    """A sentence with something added to it."""
    return Said(zh=f"{one.zh}{zh}", en=f"{one.en}{en}")


def stands(state: str, handover: str, order_state: str, expires_at: datetime | None) -> Said:
    """Where a benefit stands, in half a sentence."""
    until = day(expires_at)
    said = {
        "reserved": Said(zh=f"等待领取，{until.zh}前有效", en=f"Waits to be claimed until {until.en}"),
        "fulfilled": Said(zh=f"可以使用，有效期至{until.zh}", en=f"Can be used until {until.en}"),
        "fulfilled card_code": Said(
            zh=f"卡密待查看，有效期至{until.zh}", en=f"Card code not looked at yet; good until {until.en}"
        ),
        "fulfilling order": ORDER.get(order_state, DONE["fulfilling"]),
        "used order": DELIVERED,
        "used credit": CREDITED,
    }
    return said.get(f"{state} {handover}") or said.get(state) or DONE[state]


def script(title: Said, state: str, handover: str, order_state: str, expires_at: datetime | None) -> Said:
    """What to read out about a benefit."""
    until = day(expires_at)
    match state:
        case "reserved":
            zh, en = (
                f"还没有领取，请在{until.zh}前打开活动页面领取",
                f"has not been claimed yet; please claim it by {until.en}",
            )
        case "fulfilled" if handover == "card_code":
            zh = f"已经领取，请在“我的权益”中查看卡密，有效期至{until.zh}"
            en = f"is yours; see its code under My benefits by {until.en}"
        case "fulfilled":
            zh = f"已经领取，请在{until.zh}前到店出示核销码使用"
            en = f"is ready; show its code in a store by {until.en}"
        case "fulfilling" if order_state == "unknown":
            zh, en = (
                "正在与供应商核对，有结果会第一时间更新，请您放心",
                "is being checked with our supplier; it will neither be lost nor come twice",
            )
        case "fulfilling":
            zh, en = (
                "供应商正在处理，送达后会显示在“我的权益”中",
                "is on its way; My benefits will show when it has arrived",
            )
        case "used" if handover == "order":
            zh, en = "供应商已经送达", "has been delivered"
        case "used":
            zh, en = "已经使用", "has been used"
        case "failed":
            zh, en = (
                "没有发放成功，您的领取名额已经退回，我来为您处理",
                "could not be delivered; your claim was given back, and I will help you now",
            )
        case "expired":
            zh, en = "已经过了有效期，系统已自动收回", "has passed its date and was taken back"
        case _:
            zh, en = "已经收回或退回", "was taken back or returned"
    return Said(zh=f"您好，您的“{title.zh}”{zh}。", en=f"Your benefit '{title.en}' {en}.")
