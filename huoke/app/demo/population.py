"""Invented customers of a demo bank as a CSV file: the same file for the same seed.

Nobody real can be among them: phones begin with 120 and id documents with 99, which are given to nobody.
"""

import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from huoke.know.customers import AttributeType, ColumnMapping, Mapping, Target

_FAMILY = np.array(
    list("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎")
)
_GIVEN = np.array(
    list(
        "一之云亦佳俊伟依冬凡初加千升卓南博可君和嘉国夏奕子宁安家小岚川平庆心志怡思恒悦慧敏文新方明星晓晨景月朗木杰林枫柔桐欣江沐泽洁浩海清源溪然琳瑞璐瑶白真睿知礼秋竹笑简素红维美群翔联舒若英莉菲萌蓝行言语诗诚谦贝路轩辰远逸道里钰铭锐长阳雅雨雪霖青静非颖风飞馨高魁鸣鹏"
    )
)
_JOBS = ("企业职员", "教师", "医护", "个体经营", "公务员", "技术人员", "服务业", "学生", "自由职业", "退休")
_JOB_WEIGHTS = (0.27, 0.07, 0.06, 0.13, 0.06, 0.12, 0.13, 0.05, 0.06, 0.05)
_EDUCATION = ("高中及以下", "大专", "本科", "硕士及以上")
_EDUCATION_WEIGHTS = (0.32, 0.28, 0.32, 0.08)
_TIERS = ("普通", "金卡", "白金", "钻石")
_TIER_WEIGHTS = (0.72, 0.19, 0.07, 0.02)
_CHECK_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_SIGNS = np.array(list("10X98765432"))


def customers_csv(count: int, seed: int, region: str, cities: Sequence[str], unit_codes: Sequence[str]) -> bytes:
    """`count` customers in UTF-8, numbered 10000001 …; columns as in `mapping`. Attributes hang together a little:
    the young log in more often, the retired are old, balances grow with the tier.
    """
    random = np.random.default_rng(seed)
    numbers = np.arange(10_000_001, 10_000_001 + count)
    age = np.clip(random.normal(42, 14, count), 18, 88).astype(int)
    job = random.choice(np.array(_JOBS), count, p=np.array(_JOB_WEIGHTS))
    job = np.where(age >= 62, "退休", np.where((job == "学生") & (age > 26), "企业职员", job))
    tier = random.choice(len(_TIERS), count, p=np.array(_TIER_WEIGHTS))
    logins = random.poisson(np.clip(9 - age / 9, 0.3, 8) * (random.random(count) < 0.7))
    female = random.random(count) < 0.5
    table = {
        "客户号": numbers.astype(str),
        "姓名": _names(random, count),
        "手机号": np.char.add("120", np.char.zfill((random.permutation(count) * 7 + 10_000_000).astype(str), 8)),
        "证件号": _documents(random, age, female, region),
        "机构号": random.choice(np.array(unit_codes), count),
        "年龄": np.where(random.random(count) < 0.02, "", age.astype(str)),
        "性别": np.where(female, "女", "男"),
        "职业": job,
        "学历": random.choice(np.array(_EDUCATION), count, p=np.array(_EDUCATION_WEIGHTS)),
        "城市": random.choice(np.array(cities), count),
        "客户等级": np.array(_TIERS)[tier],
        "持卡": np.where(random.random(count) < 0.46 + tier * 0.12, "true", "false"),
        "近30天登录": logins.astype(str),
        "存款月日均": np.round(random.lognormal(8.6 + tier * 1.1, 1.1, count), 2).astype(str),
    }
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(pa.table({name: pa.array(column.tolist()) for name, column in table.items()}), buffer)
    return buffer.getvalue()


def mapping() -> Mapping:
    """How to read the file. The monthly average is a fact about a deposit (rule B1)."""
    whole, text = AttributeType.INTEGER, AttributeType.TEXT
    return Mapping(
        columns=(
            ColumnMapping(column="客户号", to=Target.CUSTOMER_NO),
            ColumnMapping(column="姓名", to=Target.NAME),
            ColumnMapping(column="手机号", to=Target.PHONE),
            ColumnMapping(column="证件号", to=Target.ID_DOCUMENT),
            ColumnMapping(column="机构号", to=Target.UNIT_CODE),
            _attribute("年龄", "age", "Age", whole),
            _attribute("性别", "gender", "Gender", text),
            _attribute("职业", "job", "Occupation", text),
            _attribute("学历", "education", "Education", text),
            _attribute("城市", "city", "City", text),
            _attribute("客户等级", "tier", "Tier", text),
            _attribute("持卡", "has_card", "Has a card", AttributeType.BOOLEAN),
            _attribute("近30天登录", "logins_30d", "Logins in 30 days", whole),
            ColumnMapping(
                column="存款月日均",
                to=Target.ATTRIBUTE,
                name="deposit_average",
                label="存款月日均（元）",
                label_en="Monthly average deposit (CNY)",
                type=AttributeType.DECIMAL,
                data_class="C2",
                deposit_derived=True,
                lineage=("deposit_balance",),
            ),
        ),
        source="demo",
    )


def _attribute(column: str, name: str, label_en: str, kind: AttributeType) -> ColumnMapping:
    return ColumnMapping(column=column, to=Target.ATTRIBUTE, name=name, label=column, label_en=label_en, type=kind)


def _names(random: np.random.Generator, count: int) -> NDArray[np.str_]:
    first = random.choice(_FAMILY, count)
    middle = random.choice(_GIVEN, count)
    last = np.where(random.random(count) < 0.7, random.choice(_GIVEN, count), "")
    return np.char.add(np.char.add(first, middle), last)


def _documents(
    random: np.random.Generator, age: NDArray[np.int_], female: NDArray[np.bool_], region: str
) -> NDArray[np.str_]:
    """Numbers of 18 characters with the check character of GB 11643 and a region that does not exist."""
    count = len(age)
    day = np.char.add(
        np.char.zfill(random.integers(1, 13, count).astype(str), 2),
        np.char.zfill(random.integers(1, 29, count).astype(str), 2),
    )
    order = np.char.zfill((random.permutation(count) % 500 * 2 + np.where(female, 0, 1)).astype(str), 3)
    stem = np.char.add(np.char.add(np.char.add(region, (2026 - age).astype(str)), day), order)
    digits = np.array([list(number) for number in stem], dtype=int)
    return np.char.add(stem, _CHECK_SIGNS[digits @ _CHECK_WEIGHTS % 11])
