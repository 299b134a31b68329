"""Values in ClickHouse SQL: how they travel, and how a comparison with one reads."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from huoke.know.customers import DECIMAL_SCALE, AttributeType
from huoke.know.language.expression import Op
from huoke.know.language.typed import Comparison, Value

TYPES = {
    AttributeType.TEXT: "String",
    AttributeType.INTEGER: "Int64",
    AttributeType.DECIMAL: "Int64",
    AttributeType.DATE: "Date32",
    AttributeType.BOOLEAN: "Bool",
}
_COMPARED = {Op.EQUAL: "=", Op.NOT_EQUAL: "!=", Op.LESS: "<", Op.AT_MOST: "<=", Op.MORE: ">", Op.AT_LEAST: ">="}


class Parameters:
    """Values on their way into a statement, each as `{p0:Type}`."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any, kind: str) -> str:
        """The placeholder of a value."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"{{{name}:{kind}}}"

    def instant(self, at: datetime) -> str:
        """The placeholder of an instant in UTC."""
        return self.add(at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3], "DateTime64(3, 'UTC')")


def compared_sql(column: str, comparison: Comparison, kind: str, parameters: Parameters) -> str:
    """A comparison of a nullable SQL value: true, false, or NULL where the value is."""
    op, values = comparison.op, [shipped(value) for value in comparison.values]
    match op:
        case Op.IS_KNOWN:
            return f"isNotNull({column})"
        case Op.IS_UNKNOWN:
            return f"isNull({column})"
        case Op.IN | Op.NOT_IN:
            listed = parameters.add(values, f"Array({kind})")
            sign = "NOT " if op is Op.NOT_IN else ""
            return f"if(isNull({column}), NULL, {sign}has({listed}, assumeNotNull({column})))"
        case Op.BEGINS | Op.NOT_BEGINS:
            sign = "NOT " if op is Op.NOT_BEGINS else ""
            return f"{sign}startsWith({column}, {parameters.add(values[0], kind)})"
        case Op.BETWEEN:
            low, high = (parameters.add(value, kind) for value in values)
            return f"({column} >= {low} AND {column} <= {high})"
        case _:
            return f"{column} {_COMPARED[op]} {parameters.add(values[0], kind)}"


def shipped(value: Value) -> Any:
    """A value as it lies in ClickHouse: decimals as whole ten-thousandths."""
    if isinstance(value, Decimal):
        return int(value * DECIMAL_SCALE)
    return value.isoformat() if isinstance(value, date) else value
