"""滨海银行, a bank by the sea. Every name in here is invented."""

from huoke.app.demo.binhai_past import PAST
from huoke.app.demo.brands import BRANDS, OWN_OFFERS, offers
from huoke.app.demo.plan import (
    RULES_EN,
    RULES_ZH,
    WAYS,
    DemoBank,
    Plan,
    Product,
    Supplier,
    attr,
    branches_of,
    by_sms,
    people,
    texts,
)
from huoke.govern.people import Role
from huoke.govern.tenants import Brand
from huoke.reach.campaigns import CampaignMode
from huoke.reward.catalogue import SkuKind, TaxCode

_UNITS = """
B01|港湾分行|Harbour branch|港湾路:Harbour Road|灯塔:Lighthouse|码头:Wharf|海关路:Customs Road|老城:Old Town
B02|临港分行|Portside branch|临港新城:New Town|保税区:Bonded Zone|船厂:Shipyard|滨江:Riverside|大学城:University Town
B03|潮湾分行|Tide Bay branch|潮湾广场:Tide Bay Square|渔人:Fishermen|盐田:Salt Field|望潮:Tide View|海月:Sea Moon
B04|云汀分行|Cloud Isle branch|云汀:Cloud Isle|竹屿:Bamboo Isle|白鹭:Egret|芦花:Reed Flower|西堤:West Dyke
B05|南屿分行|South Isle branch|南屿:South Isle|橘园:Tangerine Grove|湾仔路:Bay Road|石桥:Stone Bridge|晴川:Clear Stream
B06|北滩分行|North Shore branch|北滩:North Shore|沙岭:Sand Ridge|松林:Pine Wood|风车:Windmill|远帆:Far Sail
"""

BINHAI = DemoBank(
    code="binhai",
    name="滨海银行",
    name_en="Binhai Bank",
    brand=Brand(),
    scene="sea",
    mark=(
        "M3 9.2c2.2-1.6 4-1.6 6 0s3.9 1.6 6 0 3.9-1.6 6 0v2.6c-2.1-1.6-3.9-1.6-6 0s-4 1.6-6 0-3.8-1.6-6 0z"
        "M3 14c2.2-1.6 4-1.6 6 0s3.9 1.6 6 0 3.9-1.6 6 0v2.6c-2.1-1.6-3.9-1.6-6 0s-4 1.6-6 0-3.8-1.6-6 0z"
    ),
    region="990200",
    cities=("港湾市", "临港市", "潮州湾", "云汀市", "南屿市", "北滩市"),
    customers=5_000,
    seed=20_261_122,
    units=branches_of(_UNITS),
    people=people(
        "B01",
        "B0101",
        {
            Role.OPERATOR: "林知远",
            Role.BRANCH_OPERATOR: "周晚晴",
            Role.BUYER: "沈砚秋",
            Role.APPROVER: "顾明衡",
            Role.CONSUMER_REVIEWER: "许清和",
            Role.TELLER: "何小满",
            Role.SERVICE_DESK: "俞听晚",
            Role.MERCHANT_CLERK: "江一帆",
            Role.ANALYST: "宋以宁",
            Role.SYSTEM_ADMIN: "系统管理员",
            Role.SECURITY_ADMIN: "安全管理员",
            Role.AUDITOR: "杜若衡",
        },
    ),
    suppliers=(
        Supplier("HAIAN", "海岸咖啡连锁", "Coast Coffee", "99020000MA0001X", 30, "陆一舟", "12000010001"),
        Supplier("WANQU", "湾区出行科技", "Bay Rides", "99020000MA0002X", 15, "唐小北", "12000010002"),
        Supplier("CHAOXI", "潮汐影院", "Tide Cinema", "99020000MA0003X", 30, "白听澜", "12000010003"),
        Supplier("MANCANG", "满仓商贸", "Full Basket Trading", "99020000MA0004X", 30, "温如初", "12000010004"),
        Supplier("SHUMA", "数码湾供应链", "Digital Bay Supply", "99020000MA0005X", 45, "程望舒", "12000010005"),
    ),
    products=(
        Product(
            code="COFFEE-M",
            kind=SkuKind.VOUCHER,
            brand=("HAIAN", "海岸咖啡", "Coast Coffee"),
            category="dining",
            name=("海岸咖啡 中杯券", "Coast Coffee, medium cup"),
            face_value_fen=2_800,
            cost_fen=1_980,
            tax_code=TaxCode.OCCASIONAL_INCOME,
            acceptance=("港湾市 46 家门店可用", "In 46 stores of Harbour City"),
            supplier="HAIAN",
            stock=20_000,
        ),
        Product(
            code="RIDE-5",
            kind=SkuKind.VOUCHER,
            brand=("WANQU", "湾区出行", "Bay Rides"),
            category="travel",
            name=("湾区出行 立减 5 元", "Bay Rides, CNY 5 off"),
            face_value_fen=500,
            cost_fen=450,
            tax_code=TaxCode.DISCOUNT_COUPON,
            acceptance=("满 15 元可用，全市路线", "From CNY 15, all routes in town"),
            supplier="WANQU",
            valid_days=14,
            stock=30_000,
        ),
        Product(
            code="FILM-1",
            kind=SkuKind.VOUCHER,
            brand=("CHAOXI", "潮汐影院", "Tide Cinema"),
            category="entertainment",
            name=("潮汐影院 电影票 1 张", "Tide Cinema, one ticket"),
            face_value_fen=4_500,
            cost_fen=3_200,
            tax_code=TaxCode.OCCASIONAL_INCOME,
            acceptance=("12 家影院，节假日通用", "In 12 cinemas, holidays included"),
            supplier="CHAOXI",
            stock=5_000,
        ),
        Product(
            code="POINTS-200",
            kind=SkuKind.POINTS,
            brand=("BINHAI", "滨海银行", "Binhai Bank"),
            category="finance",
            name=("滨海积分 200 分", "200 Binhai points"),
            face_value_fen=0,
            cost_fen=200,
            points=200,
            tax_code=TaxCode.SPENDING_POINTS,
            acceptance=("积分商城全部商品", "For everything in the points mall"),
            valid_days=365,
        ),
    ),
    merchants=BRANDS,
    offers=(*offers(), *OWN_OFFERS),
    segments={
        "年轻活跃客户（25–40 岁）": {
            "kind": "all",
            "of": [attr("age", "between", [25, 40]), attr("logins_30d", ">=", 3)],
        },
        "有卡久未登录": {"kind": "all", "of": [attr("has_card", "=", True), attr("logins_30d", "=", 0)]},
        "手机银行客户": {
            "kind": "all",
            "of": [attr("relation", "=", "客户"), attr("has_app", "=", True)],
        },
        "持卡客户": {
            "kind": "all",
            "of": [attr("relation", "=", "客户"), attr("has_card", "=", True)],
        },
        "教师与医护": {"kind": "attr", "name": "job", "op": "in", "value": ["教师", "医护"]},
    },
    budget_fen=300_000_000,
    campaigns=(
        *PAST,
        Plan(
            name="冬日咖啡季",
            goal="让年轻活跃客户到店一次，带动支付",
            segment="年轻活跃客户（25–40 岁）",
            product="COFFEE-M",
            mode=CampaignMode.PUSH,
            published=False,
            stock=3_000,
            budget_fen=6_600_000,
            shares=3,
            days=24,
            control_percent=10,
            person_limit=1,
            texts=texts(
                ("冬日滨海 一杯热咖啡", "已为您预留一张中杯券，到店出示即可", RULES_ZH),
                ("A hot coffee for winter", "A medium cup is kept for you: show it in the store", RULES_EN),
            ),
            until="running",
            metric="payment_count",
            ways=WAYS,
            message=by_sms(
                "{name}，{benefit}已为您预留，{expires}前到店可用：{link}",
                "{name}, {benefit} is kept for you until {expires}: {link}",
            ),
        ),
        Plan(
            name="周末出行立减",
            goal="全体客户可领，拉动移动支付",
            segment="",
            product="RIDE-5",
            mode=CampaignMode.PULL,
            published=True,
            stock=2_000,
            budget_fen=900_000,
            shares=0,
            days=24,
            control_percent=0,
            person_limit=1,
            texts=texts(
                ("周末出行 立减 5 元", "人人可领，领完为止", RULES_ZH),
                ("CNY 5 off your weekend ride", "Open to everyone while stock lasts", RULES_EN),
            ),
            until="running",
            ways=WAYS,
        ),
        Plan(
            name="久别重逢送积分",
            goal="唤醒 30 天未登录的持卡客户",
            segment="有卡久未登录",
            product="POINTS-200",
            mode=CampaignMode.PUSH,
            published=False,
            stock=1_000,
            budget_fen=200_000,
            shares=0,
            days=30,
            control_percent=15,
            person_limit=1,
            texts=texts(
                ("好久不见 送您 200 积分", "登录领取，一年内有效", RULES_ZH),
                ("200 points to welcome you back", "Claim them; they are good for a year", RULES_EN),
            ),
            until="running",
            metric="app_login",
            message=by_sms(
                "{name}，好久不见，送您{benefit}：{link}", "{name}, welcome back, {benefit} for you: {link}"
            ),
        ),
        Plan(
            name="园丁与白衣 电影之夜",
            goal="教师与医护专属权益",
            segment="教师与医护",
            product="FILM-1",
            mode=CampaignMode.PUSH,
            published=False,
            stock=500,
            budget_fen=1_600_000,
            shares=0,
            days=40,
            control_percent=10,
            person_limit=1,
            texts=texts(
                ("今晚看一场电影", "教师与医护专属，已为您预留", RULES_ZH),
                ("A film for tonight", "Kept for teachers and medical staff", RULES_EN),
            ),
            until="submitted",
        ),
        Plan(
            name="返乡出行（草稿）",
            goal="春节前 30 天，拉动出行支付",
            segment="",
            product="RIDE-5",
            mode=CampaignMode.PULL,
            published=True,
            stock=5_000,
            budget_fen=0,
            shares=0,
            days=60,
            control_percent=0,
            person_limit=2,
            texts=texts(("回家的路 我们陪您", "", ""), ("", "", "")),
            until="draft",
        ),
    ),
)
