"""Pages to begin from, one a season: colours that pass the contrast check, words in both languages, blocks in order."""

from collections.abc import Mapping

import msgspec

from huoke.govern import tenants
from huoke.govern.tenants import Brand
from huoke.reward.plays.design import Block, BlockKind, Design, Season
from huoke.reward.plays.model import Page


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A page to begin from: its season, what it is called, its words, its design."""

    season: Season
    name: str
    name_en: str
    zh: Page
    en: Page
    design: Design


_RULES = (
    "1. 每日机会当天 24 点前有效；次数与奖品上限按自然人计算。\n"
    "2. 奖品、概率与剩余数量以公示表为准；奖品发完后按公示表改发。\n"
    "3. 中奖权益即时放入“我的权益”，请在有效期内使用；需要寄送的奖品请按页面提示填写地址。\n"
    "4. 员工及其近亲属不参与。\n"
    "5. 结果可在“规则与验证”页重放；活动由本行主办。"
)
_RULES_EN = (
    "1. A day's chances end at midnight; draws and prize limits count the natural person.\n"
    "2. Prizes, odds and what is left are those of the table; what is gone is replaced as the table says.\n"
    "3. What you win is in your benefits at once; use it while it is valid. For what is sent, write the address.\n"
    "4. Staff and their close relatives do not take part.\n"
    "5. Every result can be verified on the page of rules and proof. The bank organises this play."
)
_BLOCKS = (
    BlockKind.HERO,
    BlockKind.BOARD,
    BlockKind.PRIZES,
    BlockKind.WINNERS,
    BlockKind.CHANCES,
    BlockKind.FOOTER,
)
_WORDS: Mapping[Season, tuple[str, str, str, str, str, str]] = {
    Season.SPRING_FESTIVAL: (
        "春节", "Spring Festival", "新春好礼转起来", "New Year wheel", "除夕到元宵，每天都能来一次",
        "A draw a day from New Year's Eve on",
    ),
    Season.LANTERN: (
        "元宵", "Lantern Festival", "元宵灯会", "Evening of lanterns", "点一盏灯，看看里面是什么",
        "Light a lantern and see what is inside",
    ),
    Season.WOMENS_DAY: (
        "妇女节", "Women's Day", "三月的花", "Flowers of March", "给自己留一份好心情", "Something nice for yourself",
    ),
    Season.SPRING_OUTING: (
        "春游", "Spring outing", "春天出门去", "Out into spring", "出行与咖啡，都在奖品表里",
        "Rides and coffee are in the table",
    ),
    Season.LABOUR_DAY: (
        "劳动节", "Labour Day", "五一好时光", "Days off in May", "假期每天来一次", "Once a day through the holiday",
    ),
    Season.DRAGON_BOAT: (
        "端午", "Dragon Boat Festival", "端午划起来", "Paddle on", "龙舟竞渡，好礼同行", "Boats race, benefits follow",
    ),
    Season.SUMMER: (
        "夏日", "Summer", "夏日清凉礼", "Cool summer", "一口凉爽，每天一次", "Something cool, once a day",
    ),
    Season.MID_AUTUMN: (
        "中秋", "Mid-Autumn Festival", "月圆好礼", "Full moon", "花好月圆，与家人同享", "A full moon to share at home",
    ),
    Season.NATIONAL_DAY: (
        "国庆", "National Day", "国庆欢乐游", "Golden week", "七天假期，天天有机会", "Seven days, a chance each",
    ),
    Season.SHOPPING: (
        "购物季", "Shopping season", "购物季好礼", "Shopping season", "买菜、吃饭、出行，都用得上",
        "For groceries, dinner and rides",
    ),
    Season.WINTER: (
        "冬日与新年", "Winter and New Year", "冬日暖意季", "Warm winter", "每天来一次，奖品与概率全公示",
        "Prizes and odds are open to all",
    ),
}  # fmt: skip
"""Season → its name, and the page's title and subtitle, each in Chinese and English."""
_COLOURS: Mapping[Season, tuple[str, str, str, str]] = {
    Season.SPRING_FESTIVAL: ("#B3261E", "#F6C863", "#FBD9B5", "#F8D2C2"),
    Season.LANTERN: ("#9C3D12", "#FFC966", "#FADDA8", "#F6CDBD"),
    Season.WOMENS_DAY: ("#A8305F", "#F9C4D2", "#F7D9A6", "#DCCDF0"),
    Season.SPRING_OUTING: ("#2E6B34", "#F7D774", "#CBE8C4", "#F9D0C4"),
    Season.LABOUR_DAY: ("#1F6470", "#F5CF70", "#BFE3E6", "#F7D3B8"),
    Season.DRAGON_BOAT: ("#17694E", "#F2CF6B", "#BEE5D3", "#F4D4B4"),
    Season.SUMMER: ("#0B6A8F", "#FFD66B", "#B9E6F2", "#FFCFC2"),
    Season.MID_AUTUMN: ("#3B3F86", "#F6CD73", "#CFD6F3", "#F5D2BC"),
    Season.NATIONAL_DAY: ("#B0291F", "#F8CF6A", "#F9D8C8", "#F6C9A8"),
    Season.SHOPPING: ("#6A3A97", "#F7CB6B", "#DCCEF1", "#F8CFC9"),
    Season.WINTER: ("#12589B", "#F6C863", "#BFE0EC", "#F8D2C2"),
}
"""Season → its own colour, and the three fills of the board."""


def _colours(season: Season) -> Brand:
    brand, play_a, play_b, play_c = _COLOURS[season]
    return msgspec.structs.replace(tenants.derive_brand(brand), play_a=play_a, play_b=play_b, play_c=play_c)


def _template(season: Season) -> Template:
    name, name_en, title, title_en, subtitle, subtitle_en = _WORDS[season]
    return Template(
        season=season,
        name=name,
        name_en=name_en,
        zh=Page(title=title, subtitle=subtitle, rules=_RULES),
        en=Page(title=title_en, subtitle=subtitle_en, rules=_RULES_EN),
        design=Design(season=season, colours=_colours(season), blocks=[Block(kind=kind) for kind in _BLOCKS]),
    )


TEMPLATES = tuple(_template(season) for season in Season)
