"""Names, phones and documents of people who do not exist, as columns.

Nobody real can be among them: phones begin with 120 and id documents with 99, which are given to nobody.
"""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.str_]

_FAMILY = np.array(
    list("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎")
)
_GIVEN = np.array(
    list(
        "一之云亦佳俊伟依冬凡初加千升卓南博可君和嘉国夏奕子宁安家小岚川平庆心志怡思恒悦慧敏文新方明星晓晨景月朗木杰林枫柔桐欣江沐泽洁浩海清源溪然琳瑞璐瑶白真睿知礼秋竹笑简素红维美群翔联舒若英莉菲萌蓝行言语诗诚谦贝路轩辰远逸道里钰铭锐长阳雅雨雪霖青静非颖风飞馨高魁鸣鹏"
    )
)
_FAMILY_ZIPF = 0.8
"""Family names are as uneven as in life: the n-th is borne by 1/n^0.8 of the first's."""
_CHECK_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_SIGNS = np.array(list("10X98765432"))
PHONES_MAX = 10**8
NUMBERS, NUMBERS_A_PART = 500, 50


def names(random: np.random.Generator, count: int) -> Words:
    """Family name and one or two given characters."""
    weights = 1 / np.arange(1, len(_FAMILY) + 1) ** _FAMILY_ZIPF
    first = random.choice(_FAMILY, count, p=weights / weights.sum())
    middle = random.choice(_GIVEN, count)
    last = np.where(random.random(count) < 0.7, random.choice(_GIVEN, count), "")
    return np.char.add(np.char.add(first, middle), last)


def phones(random: np.random.Generator, count: int, first: int) -> Words:
    """Numbers of 11 digits that begin with 120, each once, whoever else was drawn before `first`."""
    tails = ((first + random.permutation(count)) * 7 + 10_000_000) % PHONES_MAX
    return np.char.add("120", np.char.zfill(tails.astype(str), 8))


def documents(born: NDArray[np.int_], female: NDArray[np.bool_], region: str, part: int) -> Words:
    """Numbers of 18 characters with the check character of GB 11643 and a region that does not exist.

    `born` are dates as YYYYMMDD. Two people of one birthday and sex differ in their order: there are 500 numbers a day
    and sex, 50 of them for each `part` of a population.
    """
    count = len(born)
    day = born * 2 + female
    by_day = np.argsort(day, kind="stable")
    sorted_day = day[by_day]
    first_of_day = np.searchsorted(sorted_day, sorted_day)
    rank = np.empty(count, dtype=np.int64)
    rank[by_day] = np.arange(count) - first_of_day
    order = (rank + part * NUMBERS_A_PART) % NUMBERS * 2 + np.where(female, 0, 1)
    stem = np.char.add(np.char.add(region, born.astype(str)), np.char.zfill(order.astype(str), 3))
    digits = np.frombuffer(stem.astype("S17").tobytes(), dtype=np.uint8).reshape(count, 17) - ord("0")
    return np.char.add(stem, _CHECK_SIGNS[digits @ _CHECK_WEIGHTS % 11])
