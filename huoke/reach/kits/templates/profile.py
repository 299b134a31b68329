"""Profiles completed: who is unknown to the bank says a little of themselves on the phone; saying it is rewarded."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, CampaignMode, Draft, attr, every, page_of, sms
from huoke.reach.kits.model import Act, Circle, Kit, Offer, Words

WHOLE = {"kind": "event", "name": "profile.completed", "measure": "count", "op": ">=", "value": 1, "window_days": 60}
NOT_TOLD = {"kind": "attr", "name": "job", "op": "is_unknown"}
PROFILE = Kit(
    key="profile",
    name=Words("完善资料", "Profiles completed"),
    summary=Words(
        "请资料不全的客户在手机上自己填写职业、人生阶段与方便联系的时间，填完送一份权益。",
        "Customers of whom little is known fill in occupation, stage of life and when to call, and get a benefit.",
    ),
    rewarded=Words(
        "奖励由客户本人填完资料，须先同意用途；不看余额，不要求办理业务。",
        "For filling in one's own profile under consent; no balance is looked at, nothing has to be bought.",
    ),
    measured=Words("六十天内登录手机银行的比例", "Share who sign in to the app within sixty days"),
    circles=(
        Circle(
            name=Words("资料不全的客户", "Occupation not known"),
            expression=lambda _today, _threshold: every(attr("has_app", "=", True), NOT_TOLD),
        ),
    ),
    asks_profile=True,
    act=Act(name=Words("六十天内完善了资料", "Completed the profile in sixty days"), expression=WHOLE),
    offers=(
        Offer(
            acted=True,
            draft=Draft(
                name="资料完善礼",
                goal="请客户自己说明职业与联系偏好，减少打扰",
                mode=CampaignMode.PULL,
                metric="app_login",
                metric_days=60,
                valid_days=21,
                page_texts=page_of(
                    (
                        "花一分钟完善资料",
                        "在“我的选择”里填完即可领取",
                        f"由本人填写职业、人生阶段与方便联系的时间，同意用途后保存即可领取；随时可以修改或关闭。{ONE_EACH}",
                    ),
                    (
                        "A minute for your profile",
                        "Fill it in under your choices, then claim",
                        f"Fill it in, agree to what it is used for, claim. Change it whenever you like. {ONE_EACH_EN}",
                    ),
                ),
                message=sms(
                    "{name}您好，完善一下资料，我们少打扰、更懂您；填完可领{benefit}，{expires}前有效：{link}",
                    "Hello {name}, complete your profile and a {benefit} is yours until {expires}: {link}",
                ),
            ),
        ),
    ),
    days=60,
)
