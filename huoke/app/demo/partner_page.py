"""The page of a partner that is played: a member brings units to the bank and sees what the bank said."""

from collections.abc import Mapping

_STYLE = (
    "*{box-sizing:border-box}body{margin:0;background:#EEF1F6;color:#15202E;"
    'font:16px/24px -apple-system,"PingFang SC","Noto Sans SC",sans-serif}'
    "main{max-width:480px;margin:0 auto;min-height:100vh;background:#fff;padding:32px 20px 24px;display:flex;"
    "flex-direction:column}h1{font-size:22px;line-height:30px;margin:0 0 4px}p{margin:0}.second{color:#51606B;"
    "font-size:14px}label{display:block;margin:20px 0 6px;font-size:14px;color:#51606B}"
    "input{width:100%;min-height:48px;border:1px solid #C3CBD6;border-radius:10px;padding:0 14px;font:inherit}"
    "button{width:100%;min-height:48px;border:0;border-radius:10px;margin-top:24px;font:inherit;font-weight:600;"
    "background:#1E4FA3;color:#fff;cursor:pointer}.said{margin-top:24px;border-radius:10px;padding:14px 16px;"
    "background:#EAF1FC}.no{background:#FCF0EA}.note{margin-top:auto;padding-top:32px;color:#51606B;font-size:13px;"
    "line-height:18px}button:focus-visible,input:focus-visible{outline:3px solid #8FB4EC;outline-offset:2px}"
)
_SAID = {
    "success": "已换得 {points} 积分 · {points} points at the bank",
    "reversed": "已撤回 · Taken back",
    "unknown": "银行暂未答复，请稍后查询 · The bank has not answered yet",
}
_WHY = {
    "member_unknown": "银行没有登记此会员号 · The bank does not know this member",
    "amount_unfit": "数量不符合规则 · Not so many",
    "limit_reached": "已达上限 · The limit is reached",
    "liquidity_short": "银行备付不足 · The bank has set too little aside",
    "card_closed": "暂不开放 · Not open",
}


def app_page(said: Mapping[str, str]) -> str:
    """The form, and under it what the bank said of the last request; all words are escaped by the caller.

    `exchange_no` names the next request: one the bank has not answered is asked again under the same number.
    """
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>云程会员</title><style>{_STYLE}</style></head><body><main>"
        '<h1>里程换银行积分</h1><p class="second">云程会员 · Skyway members: miles to points of your bank</p>'
        '<form method="post"><label for="member">会员号 · Member number</label>'
        f'<input type="hidden" name="number" value="{said["exchange_no"]}">'
        f'<input id="member" name="member" required maxlength="32" value="{said.get("member_no", "")}">'
        '<label for="units">里程 · Miles</label>'
        f'<input id="units" name="units" required inputmode="numeric" maxlength="9" value="{said.get("units", "")}">'
        f"<button>兑换 · Exchange</button></form>{_said(said)}"
        '<p class="note">演示合作方，会员与里程均为虚构 · A partner that is played: members and miles are made up</p>'
        "</main></body></html>"
    )


def _said(said: Mapping[str, str]) -> str:
    status = said.get("status")
    if status is None:
        return ""
    if status == "failed":
        return f'<p class="said no" role="status">{_WHY.get(said["reason_code"], "未能兑换 · Not exchanged")}</p>'
    return f'<p class="said" role="status">{_SAID[status].format(points=said["points"])}</p>'
