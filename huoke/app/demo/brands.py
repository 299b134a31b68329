"""Sixty invented brands and what they offer: five benefits each, and a merchant with stores for every brand.

Columns: code, Chinese and English name, category of payments, who supplies it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from huoke.app.demo.plan import BrandPlan, Product
from huoke.reward.catalogue import (
    Delivery,
    FinancialDetails,
    Instrument,
    PhysicalDetails,
    ProductType,
    SkuKind,
    TaxCode,
    TopupDetails,
)


class _Offer(msgspec.Struct, frozen=True):
    """One thing every brand of a category offers: names, what it is worth, what it costs in per cent of that."""

    name: str
    name_en: str
    face_fen: int
    cost_percent: int
    kind: SkuKind = SkuKind.VOUCHER
    tax_code: TaxCode = TaxCode.DISCOUNT_COUPON


_ROWS = """
HAIAN 海岸咖啡 Coast_Coffee 餐饮 HAIAN
CHENWU 晨雾茶铺 Morning_Mist_Tea 餐饮 HAIAN
MAISUI 麦穗面包 Wheatear_Bakery 餐饮 HAIAN
YUHUO 渔火小馆 Lantern_Kitchen 餐饮 HAIAN
ZHULI 竹里汤包 Bamboo_Lane_Buns 餐饮 HAIAN
YUNSHANG 云上轻食 Cloud_Light_Meals 餐饮 HAIAN
LAOZAO 老灶火锅 Old_Stove_Hotpot 餐饮 HAIAN
QINGHE 青禾饭堂 Green_Grain_Canteen 餐饮 HAIAN
BANDAO 半岛西餐 Peninsula_Grill 餐饮 HAIAN
HUAJIAN 花间甜品 Blossom_Desserts 餐饮 HAIAN
BEIAN 北岸拉面 North_Shore_Noodles 餐饮 HAIAN
QIUYE 秋野烤肉 Autumn_Field_Grill 餐饮 HAIAN
YISU 一粟粥铺 One_Grain_Congee 餐饮 HAIAN
XIWEI 汐味海鲜 Tide_Seafood 餐饮 HAIAN
JIEJIAO 街角咖啡 Corner_Coffee 餐饮 HAIAN
JULI 橘里果饮 Tangerine_Juice 餐饮 HAIAN
LINLI 邻里鲜生 Neighbour_Fresh 超市 MANCANG
MANCANG 满仓超市 Full_Basket 超市 MANCANG
QINGTIAN 晴天便利 Sunny_Convenience 超市 MANCANG
GUOYUAN 果园日记 Orchard_Diary 超市 MANCANG
GUCANG 谷仓粮油 Barn_Grocery 超市 MANCANG
JIAHE 家和百货 Homewell_Stores 超市 MANCANG
XIAOMAN 小满厨房 Grain_Kitchen 超市 MANCANG
LANJING 蓝鲸会员店 Blue_Whale_Club 超市 MANCANG
ZAOSHI 早市鲜送 Dawn_Market 超市 MANCANG
NUANYANG 暖阳母婴 Warm_Sun_Baby 超市 MANCANG
WANQU 湾区出行 Bay_Rides 出行 WANQU
QINGZHOU 轻舟单车 Light_Boat_Bikes 出行 WANQU
YUANXING 远行租车 Farway_Car_Hire 出行 WANQU
CHONGDIAN 潮汐充电 Tidal_Charging 出行 WANQU
BAIFAN 白帆航空 White_Sail_Air 出行 WANQU
YUNCHENG 云程酒店 Cloudway_Hotels 出行 WANQU
DENGTA 灯塔民宿 Lighthouse_Inns 出行 WANQU
CHENGJI 城际通 Intercity_Pass 出行 WANQU
YOUYANG 有样商城 Fine_Finds 网购 SHUMA
ZHIWU 织物集 Fabric_House 网购 SHUMA
SHIGUANG 拾光家居 Timekeep_Home 网购 SHUMA
SHUMA 数码湾 Digital_Bay 网购 SHUMA
SHUYE 书页书店 Pages_Books 网购 SHUMA
LVYE 绿野花卉 Greenfield_Flowers 网购 SHUMA
CHAOXI 潮汐影院 Tide_Cinema 娱乐 CHAOXI
XINGQIAO 星桥剧场 Starbridge_Theatre 娱乐 CHAOXI
HAISHENG 海声听书 Sea_Voice_Audio 娱乐 CHAOXI
LANGHUA 浪花视频 Wavelet_Video 娱乐 CHAOXI
JINGGE 鲸歌音乐 Whale_Song_Music 娱乐 CHAOXI
YUEDONG 跃动健身 Leap_Fitness 娱乐 CHAOXI
YUEWAN 月湾温泉 Moon_Bay_Springs 娱乐 CHAOXI
FANGCUN 方寸桌游 Inch_Board_Games 娱乐 CHAOXI
ANCHI 安齿口腔 Calm_Dental 医疗 SHUMA
KANGHE 康和体检 Kanghe_Check-ups 医疗 SHUMA
MINGMU 明目眼镜 Clearview_Optics 医疗 SHUMA
BENCAO 本草药房 Herbal_Pharmacy 医疗 SHUMA
ZHIXIN 知新课堂 New_Leaf_Class 教育 SHUMA
CAIHONG 彩虹美育 Rainbow_Arts 教育 SHUMA
QIHANG 启航英语 Set_Sail_English 教育 SHUMA
XIAOKE 小小科学家 Little_Scientists 教育 SHUMA
CHANGXING 畅行加油 Freeway_Fuel 加油 WANQU
HAINENG 海能加油 Sea_Energy 加油 WANQU
QINGXI 清洗车坊 Clear_Wash 加油 WANQU
LUAN 路安养车 Roadsafe_Care 加油 WANQU
"""

BRANDS: tuple[BrandPlan, ...] = tuple(
    BrandPlan(code, name, name_en.replace("_", " "), category, supplier)
    for code, name, name_en, category, supplier in (line.split() for line in _ROWS.split("\n") if line)
)

_GIFT = TaxCode.OCCASIONAL_INCOME
_OFFERS: dict[str, tuple[_Offer, ...]] = {
    "餐饮": (
        _Offer("满 30 减 6 元券", "CNY 6 off 30", 600, 80),
        _Offer("满 60 减 15 元券", "CNY 15 off 60", 1_500, 75),
        _Offer("单人套餐券", "Set meal for one", 3_800, 68, tax_code=_GIFT),
        _Offer("双人套餐券", "Set meal for two", 9_800, 65, tax_code=_GIFT),
        _Offer("招牌任选一份", "One signature dish", 2_600, 70, tax_code=_GIFT),
    ),
    "超市": (
        _Offer("满 50 减 8 元券", "CNY 8 off 50", 800, 85),
        _Offer("满 100 减 20 元券", "CNY 20 off 100", 2_000, 82),
        _Offer("30 元购物卡", "CNY 30 shopping card", 3_000, 96, tax_code=_GIFT),
        _Offer("鲜果一份", "A box of fruit", 4_500, 66, tax_code=_GIFT),
        _Offer("会员月卡", "Member for a month", 1_500, 60, tax_code=_GIFT),
    ),
    "出行": (
        _Offer("立减 5 元券", "CNY 5 off", 500, 90),
        _Offer("立减 10 元券", "CNY 10 off", 1_000, 88),
        _Offer("8 折券", "20 per cent off", 2_000, 70),
        _Offer("周末通用券", "Weekend voucher", 3_000, 75, tax_code=_GIFT),
        _Offer("满 200 减 50 元券", "CNY 50 off 200", 5_000, 72),
    ),
    "网购": (
        _Offer("满 99 减 15 元券", "CNY 15 off 99", 1_500, 70),
        _Offer("满 199 减 40 元券", "CNY 40 off 199", 4_000, 68),
        _Offer("包邮券", "Free delivery", 800, 60),
        _Offer("50 元礼品卡", "CNY 50 gift card", 5_000, 95, tax_code=_GIFT),
        _Offer("新品体验券", "Try something new", 2_900, 55, tax_code=_GIFT),
    ),
    "娱乐": (
        _Offer("单次体验券", "One visit", 4_500, 70, tax_code=_GIFT),
        _Offer("双人券", "For two", 8_800, 68, tax_code=_GIFT),
        _Offer("会员月卡", "Member for a month", 2_500, 62, tax_code=_GIFT),
        _Offer("会员季卡", "Member for a season", 6_800, 60, tax_code=_GIFT),
        _Offer("立减 12 元券", "CNY 12 off", 1_200, 82),
    ),
    "医疗": (
        _Offer("基础检查一次", "A basic check-up", 19_900, 45, tax_code=_GIFT),
        _Offer("专家咨询一次", "An expert's advice", 9_900, 55, tax_code=_GIFT),
        _Offer("满 100 减 20 元券", "CNY 20 off 100", 2_000, 80),
        _Offer("满 300 减 60 元券", "CNY 60 off 300", 6_000, 76),
        _Offer("家庭护理包", "A care kit for the family", 5_900, 62, tax_code=_GIFT),
    ),
    "教育": (
        _Offer("体验课一节", "A trial lesson", 9_900, 40, tax_code=_GIFT),
        _Offer("亲子活动票", "Parent and child, one event", 12_800, 52, tax_code=_GIFT),
        _Offer("满 500 减 80 元券", "CNY 80 off 500", 8_000, 70),
        _Offer("线上课月卡", "Online for a month", 3_900, 50, tax_code=_GIFT),
        _Offer("教材礼包", "A set of books", 5_800, 60, tax_code=_GIFT),
    ),
    "加油": (
        _Offer("满 200 减 15 元券", "CNY 15 off 200", 1_500, 92),
        _Offer("满 300 减 30 元券", "CNY 30 off 300", 3_000, 90),
        _Offer("精洗一次", "One thorough wash", 4_800, 58, tax_code=_GIFT),
        _Offer("50 元加油卡", "CNY 50 fuel card", 5_000, 97, tax_code=_GIFT),
        _Offer("保养检测一次", "One car check", 9_900, 48, tax_code=_GIFT),
    ),
}
_WORDS = {
    "餐饮": "dining",
    "超市": "retail",
    "出行": "travel",
    "网购": "retail",
    "娱乐": "entertainment",
    "医疗": "health",
    "教育": "education",
    "加油": "travel",
}


def offers() -> Iterator[Product]:
    """Every benefit of every brand: 300 of them."""
    for brand in BRANDS:
        for place, offer in enumerate(_OFFERS[brand.category], start=1):
            yield Product(
                code=f"{brand.code}-{place}",
                kind=offer.kind,
                brand=(brand.code, brand.name, brand.name_en),
                category=_WORDS[brand.category],
                name=(f"{brand.name} {offer.name}", f"{brand.name_en}, {offer.name_en}"),
                face_value_fen=offer.face_fen,
                cost_fen=offer.face_fen * offer.cost_percent // 100,
                tax_code=offer.tax_code,
                acceptance=("全市门店可用，节假日通用", "In every store in town, holidays included"),
                supplier=brand.supplier,
                valid_days=30,
            )


_OWN = ("BINHAI", "滨海银行", "Binhai Bank")


def _own(code: str, kind: SkuKind, name: tuple[str, str], face_fen: int, cost_fen: int, **more: Any) -> Product:
    where = ("手机银行与全行网点", "In the app and at every outlet")
    terms = {"acceptance": where, "tax_code": _GIFT, "category": "finance", **more}
    return Product(code=code, kind=kind, brand=_OWN, name=name, face_value_fen=face_fen, cost_fen=cost_fen, **terms)


OWN_OFFERS: tuple[Product, ...] = (
    _own("TOPUP-30", SkuKind.TOPUP, ("话费 30 元", "Mobile credit, CNY 30"), 3_000, 2_970, category="topup",
         supplier="SHUMA", details=TopupDetails()),
    _own("TOPUP-50", SkuKind.TOPUP, ("话费 50 元", "Mobile credit, CNY 50"), 5_000, 4_950, category="topup",
         supplier="SHUMA", details=TopupDetails()),
    _own("GIFT-RICE", SkuKind.PHYSICAL, ("五常新米 5 公斤", "New rice, 5 kg"), 6_800, 4_900, category="retail",
         supplier="MANCANG", details=PhysicalDetails(delivery=Delivery.POST)),
    _own("GIFT-UMBRELLA", SkuKind.PHYSICAL, ("晴雨伞一把", "An umbrella"), 3_900, 2_600, category="retail",
         supplier="MANCANG", details=PhysicalDetails(delivery=Delivery.OUTLET)),
    _own("WAIVER-TRANSFER", SkuKind.FINANCIAL, ("跨行转账手续费券", "No fee for one transfer"), 1_000, 500,
         tax_code=TaxCode.DISCOUNT_COUPON,
         details=FinancialDetails(instrument=Instrument.FEE_WAIVER, product_type=ProductType.PAYMENT,
                                  fee_code="TRANSFER", cap_fen=1_000)),
    _own("COUPON-INSTALMENT", SkuKind.FINANCIAL, ("分期利率优惠券", "A lower instalment rate"), 5_000, 2_500,
         tax_code=TaxCode.DISCOUNT_COUPON,
         details=FinancialDetails(instrument=Instrument.RATE_COUPON, product_type=ProductType.CARD, rate_bp=120,
                                  cap_fen=5_000)),
)  # fmt: skip
"""What the bank itself gives: the kinds that no brand's store redeems."""
