"""What the page of the own profile says in Chinese and English: the same keys in both."""

from collections.abc import Mapping

ZH_PROFILE: Mapping[str, str] = {
    "profile": "完善资料",
    "profile.lede": "由您自己填写，随时可以修改；不填不影响任何服务。",
    "profile.open": "请选择",
    "profile.agree": "我已阅读并同意",
    "profile.save": "保存",
    "profile.busy": "正在保存",
    "profile.saved": "已保存",
    "profile.whole": "资料已完善",
    "profile.told.agree": "没有保存：请先阅读用途并勾选同意。",
    "profile.none.title": "现在没有需要填写的资料",
    "profile.none.text": "您的权益不受影响。",
    "profile.used": "用途：{label}",
    "profile.withdraw": "可在“我的选择”里随时关闭，关闭后不再使用。",
}
EN_PROFILE: Mapping[str, str] = {
    "profile": "My profile",
    "profile.lede": "Filled in by you, changed whenever you like. Leaving it empty changes no service.",
    "profile.open": "Choose",
    "profile.agree": "I have read this and agree",
    "profile.save": "Save",
    "profile.busy": "Saving",
    "profile.saved": "Saved",
    "profile.whole": "Your profile is complete",
    "profile.told.agree": "Nothing was saved: read what it is used for and tick the box first.",
    "profile.none.title": "Nothing to fill in now",
    "profile.none.text": "Your benefits are not affected.",
    "profile.used": "Used for: {label}",
    "profile.withdraw": "You can close this in your choices at any time; then it is used no more.",
}
