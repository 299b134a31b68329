"""What the demo's customers have with their bank: accounts and products that agree with what is known of them."""

import io
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from huoke.app.demo.population import Population
from huoke.know.customers import ColumnMapping, Mapping, Target

_WEALTH = ("稳健月月盈", "季季添利", "安享半年期", "悦享一年定开", "双季丰")
_TERMS = ("三个月定期", "半年定期", "一年定期", "两年定期", "三年定期")
_TERM_DAYS = (91, 182, 365, 730, 1_095)
_LOAN_YEARS = 20


def mapping(entity: str, fields: list[str]) -> Mapping:
    """How to read a file whose columns are called as the entity's fields."""
    columns = tuple(ColumnMapping(column=field, to=Target.FIELD, name=field) for field in fields)
    return Mapping(entity=entity, columns=columns, source="demo")


def accounts_csv(people: Population) -> tuple[bytes, list[str]]:
    """Everybody's savings account, credit cards, and the account of a loan."""
    known = np.flatnonzero(~people.prospect)
    opened = np.datetime64(people.today) - people.joined_days.astype("timedelta64[D]")
    carded, lent = known[people.has_card[known] > 0], known[people.loan[known] > 0]
    parts = [
        _accounts(people, known, "62170", "savings", opened, people.deposit),
        _accounts(people, carded, "62588", "credit_card", opened + 90, np.full(len(people), np.nan)),
        _accounts(people, lent, "90310", "loan", opened + 60, -people.loan),
    ]
    return _csv(pa.concat_tables(parts))


def holdings_csv(people: Population) -> tuple[bytes, list[str]]:
    """Wealth products and term deposits with the maturity that is known of the customer, funds, and loans."""
    dated = people.matures_in >= 0
    rich = np.flatnonzero(dated & (people.wealth > 0))
    saving = np.flatnonzero(dated & (people.wealth <= 0) & (people.deposit > 0))
    funded = np.flatnonzero((people.has_fund > 0) & ~people.prospect)
    lent = np.flatnonzero(people.loan > 0)
    kinds = people.age % len(_TERMS)
    parts = [
        _holdings(people, rich, "W", "wealth", np.array(_WEALTH)[kinds], people.wealth, people.matures_in, 365),
        _holdings(people, saving, "T", "term_deposit", np.array(_TERMS)[kinds], np.round(people.deposit * 0.6, -2),
                  people.matures_in, np.array(_TERM_DAYS)[kinds]),
        _holdings(people, funded, "F", "fund", np.full(len(people), "沪深 300 指数增强"), np.round(people.income, -2),
                  None, 200),
        _holdings(people, lent, "L", "loan", np.full(len(people), "个人住房贷款"), people.loan,
                  365 * (_LOAN_YEARS - people.age % 10), 365 * _LOAN_YEARS),
    ]  # fmt: skip
    return _csv(pa.concat_tables(parts))


def _accounts(
    people: Population,
    rows: NDArray[np.int_],
    head: str,
    kind: str,
    opened: NDArray[np.datetime64],
    balance: NDArray[np.float64],
) -> pa.Table:
    money = np.where(np.isnan(balance[rows]), "", np.char.mod("%.2f", np.nan_to_num(balance[rows])))
    days = np.minimum(opened[rows], np.datetime64(people.today))
    return pa.table({
        "account_no": np.char.add(head + "0", people.customer_no[rows]),
        "customer_no": people.customer_no[rows],
        "kind": np.full(len(rows), kind),
        "opened_on": np.datetime_as_string(days, unit="D"),
        "balance": money,
    })  # fmt: skip


def _holdings(
    people: Population,
    rows: NDArray[np.int_],
    head: str,
    kind: str,
    product: NDArray[np.str_],
    amount: NDArray[np.float64],
    matures_in: NDArray[np.int_] | None,
    lasts: int | NDArray[np.int_],
) -> pa.Table:
    """Products of some customers; a product lasts at least as long as it still has to run."""
    left = np.zeros(len(people), int) if matures_in is None else matures_in
    started = _days(people.today, left - np.maximum(lasts, left + 1))[rows]
    ends = _days(people.today, left)[rows] if matures_in is not None else np.full(len(rows), "")
    return pa.table({
        "holding_no": np.char.add(head, people.customer_no[rows]),
        "customer_no": people.customer_no[rows],
        "product": product[rows],
        "kind": np.full(len(rows), kind),
        "amount": np.char.mod("%.2f", amount[rows]),
        "started_on": started,
        "matures_on": ends,
    })  # fmt: skip


def _days(today: date, offset: NDArray[np.int_]) -> NDArray[np.str_]:
    days: NDArray[np.str_] = np.datetime_as_string(np.datetime64(today) + offset.astype("timedelta64[D]"), unit="D")
    return days


def _csv(table: pa.Table) -> tuple[bytes, list[str]]:
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(table, buffer)
    return buffer.getvalue(), table.column_names
