"""The page of the cashier that is played: what is paid, to whom, and the two ways on."""

_STYLE = (
    "*{box-sizing:border-box}body{margin:0;background:#EDF0F2;color:#14212B;"
    'font:16px/24px -apple-system,"PingFang SC","Noto Sans SC",sans-serif}'
    "main{max-width:480px;margin:0 auto;min-height:100vh;background:#fff;padding:40px 20px 24px;display:flex;"
    "flex-direction:column;text-align:center}"
    ".to{color:#51606B;font-size:14px}.sum{font-size:44px;line-height:56px;font-weight:600;margin:12px 0 4px;"
    "font-variant-numeric:tabular-nums}.sum small{font-size:26px}"
    ".off{color:#A8420B;font-size:14px;font-weight:600}"
    ".for{border-top:1px solid #E3E9EC;border-bottom:1px solid #E3E9EC;margin:28px 0;padding:14px 0;display:flex;"
    "justify-content:space-between;gap:16px;text-align:left}.for span{color:#51606B;flex:none}"
    "button,a.on{display:block;width:100%;min-height:48px;border:0;border-radius:10px;font:inherit;font-weight:600;"
    "text-decoration:none;line-height:48px;margin-top:12px;cursor:pointer}"
    ".pay{background:#0B7A43;color:#fff}.leave{background:#EDF0F2;color:#14212B}"
    ".note{margin-top:auto;padding-top:32px;color:#51606B;font-size:13px;line-height:18px}"
    "button:focus-visible,a:focus-visible{outline:3px solid #7CC3A0;outline-offset:2px}"
)
_NOTE = "演示收银台，不会真的扣款 · A cashier that is played: no money moves"


def pay_page(merchant: str, subject: str, amount: str, off: str, own: str) -> str:
    """The page before the customer decided; all words are escaped by the caller. `off` came off already, if any."""
    return _page(
        f'<p class="to">付款给 {merchant} · Pay</p><p class="sum"><small>¥</small>{amount}</p>'
        f'{_off(off)}<p class="for"><span>商品 · For</span>{subject}</p>'
        f'<form method="post" action="{own}"><button class="pay" name="step" value="pay">确认支付 · Pay now</button>'
        '<button class="leave" name="step" value="leave">暂不支付 · Not now</button></form>'
    )


def over_page(merchant: str, subject: str, amount: str, off: str, state: str, back: str) -> str:
    """The page once it is paid or closed."""
    said = "已支付 · Paid" if state == "SUCCESS" else "已关闭，无法支付 · Closed"
    on = f'<a class="on leave" href="{back}">返回 · Back</a>' if back.startswith(("http://", "https://")) else ""
    return _page(
        f'<p class="to">{merchant}</p><p class="sum"><small>¥</small>{amount}</p>'
        f'{_off(off)}<p class="for"><span>{said}</span>{subject}</p>{on}'
    )


def _off(off: str) -> str:
    return f'<p class="off">立减 · Off ¥{off}</p>' if off else ""


def _page(body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    return (
        f'<!doctype html><html lang="zh-CN"><head>{head}<title>收银台</title><style>{_STYLE}</style></head>'
        f'<body><main>{body}<p class="note">{_NOTE}</p></main></body></html>'
    )
