"""The axes a bank begins with: 4 × 7 × 4, over the attributes that the library of tags looks at too."""

from typing import Any

from huoke.know.grid.model import AxisName, Band, NewAxis

_DEPOSIT, _WEALTH, _LIFE, _JOB = "deposit_average", "wealth_balance", "life_stage", "job"


def _attr(name: str, op: str, value: Any = None) -> dict[str, Any]:
    node = {"kind": "attr", "name": name, "op": op}
    return node if value is None else {**node, "value": value}


def _any(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "any", "of": list(parts)}


def _from(yuan: str) -> dict[str, Any]:
    return _any(_attr(_DEPOSIT, ">=", yuan), _attr(_WEALTH, ">=", yuan))


def _band(name: str, label: str, label_en: str, expression: dict[str, Any]) -> Band:
    return Band(name=name, label=label, label_en=label_en, expression=expression)


USUAL = {
    AxisName.WEALTH: NewAxis(
        axis=AxisName.WEALTH,
        label="财富层",
        label_en="Wealth",
        bands=(
            _band("private", "私行", "Private", _from("6000000")),
            _band("affluent", "财富", "Affluent", _from("500000")),
            _band("growing", "成长", "Growing", _from("50000")),
            _band("mass", "大众", "Mass", _any(_attr(_DEPOSIT, "is_known"), _attr(_WEALTH, "is_known"))),
        ),
    ),
    AxisName.LIFE: NewAxis(
        axis=AxisName.LIFE,
        label="人生阶段",
        label_en="Life stage",
        bands=(
            _band("studying", "求学期", "Studying", _attr(_LIFE, "=", "学生")),
            _band("starting", "初入职场", "First job", _attr(_LIFE, "=", "单身青年")),
            _band("founding", "成家期", "Newlywed", _attr(_LIFE, "=", "新婚")),
            _band("raising", "育儿期", "Children", _attr(_LIFE, "=", "育儿家庭")),
            _band("settled", "稳健期", "Settled", _attr(_LIFE, "=", "成熟家庭")),
            _band("retiring", "将退休", "Pre-retired", _attr(_LIFE, "=", "空巢")),
            _band("retired", "退休期", "Retired", _attr(_LIFE, "=", "退休")),
        ),
    ),
    AxisName.OCCUPATION: NewAxis(
        axis=AxisName.OCCUPATION,
        label="职业",
        label_en="Occupation",
        bands=(
            _band("salaried", "工薪", "Salaried", _attr(_JOB, "in", ["企业职员", "技术人员", "服务业"])),
            _band("public", "公职", "Public", _attr(_JOB, "in", ["公务员", "教师", "医护"])),
            _band("own", "个体", "Own firm", _attr(_JOB, "in", ["个体经营", "自由职业"])),
            _band("other", "其他", "Other", _attr(_JOB, "is_known")),
        ),
    ),
}
"""Bands in order: the first that is true counts."""
