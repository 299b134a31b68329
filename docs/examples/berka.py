"""Make the bank's four files out of the Berka data: clients, accounts, loans, transactions.

    python docs/examples/berka.py DATA OUT [UNTIL]

DATA holds berka_{client,disp,account,loan,district}.csv.gz and berka_trans_*.csv.gz (PKDD'99). Dates there are yymmdd
and always of the twentieth century; a month above 50 in a birth number means a woman. With UNTIL (2026-11-21) the whole
history is moved, by whole days, so that the last posting is of that day: a window of the last 30 days then holds some.
"""

import sys
from pathlib import Path

import pandas as pd

TYPES = {"PRIJEM": "in", "VYDAJ": "out", "VYBER": "out"}
OPERATIONS = {"VKLAD": "cash deposit", "VYBER": "cash withdrawal", "VYBER KARTOU": "card withdrawal",
              "PREVOD Z UCTU": "from another bank", "PREVOD NA UCET": "to another bank"}  # fmt: skip
LOANS = {"A": "closed", "B": "closed", "C": "open", "D": "open"}


def read(data: Path, name: str) -> pd.DataFrame:
    """A table as text: dates and account numbers keep their leading zeros."""
    [path] = data.glob(f"berka_{name}*.csv.gz")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def day(column: pd.Series) -> pd.Series:
    """Yymmdd as a date of the twentieth century."""
    return "19" + column.str[:2] + "-" + column.str[2:4] + "-" + column.str[4:6]


def clients(data: Path) -> pd.DataFrame:
    """Every client, with sex, birthday, region, and what they are to an account."""
    client = read(data, "client").merge(read(data, "disp")[["client_id", "type"]], on="client_id", validate="1:1")
    district = read(data, "district").set_index("A1")
    month = client["birth_number"].str[2:4].astype(int)
    woman = month > 50
    born = client["birth_number"].str[:2] + (month - 50 * woman).map("{:02d}".format) + client["birth_number"].str[4:]
    return pd.DataFrame({
        "client_id": client["client_id"],
        "gender": woman.map({True: "female", False: "male"}),
        "born_on": day(born),
        "country_part": client["district_id"].map(district["A3"]),
        "district": client["district_id"].map(district["A2"]),
        "role": client["type"].map({"OWNER": "owner", "DISPONENT": "authorised"}),
    })  # fmt: skip


def owners(data: Path) -> pd.Series:
    """The client who owns each account."""
    disp = read(data, "disp")
    return disp[disp["type"] == "OWNER"].set_index("account_id")["client_id"]


def accounts(data: Path) -> pd.DataFrame:
    """Every account with its owner."""
    account = read(data, "account")
    return pd.DataFrame({
        "account_id": account["account_id"],
        "client_id": account["account_id"].map(owners(data)),
        "kind": "current",
        "opened_on": day(account["date"]),
    })  # fmt: skip


def loans(data: Path) -> pd.DataFrame:
    """Every loan as a product of the account's owner; it matures after its months."""
    loan = read(data, "loan")
    granted = pd.to_datetime(day(loan["date"]))
    months = loan["duration"].astype(int)
    return pd.DataFrame({
        "loan_id": loan["loan_id"],
        "client_id": loan["account_id"].map(owners(data)),
        "account_id": loan["account_id"],
        "product": "Loan over " + loan["duration"] + " months",
        "kind": "loan",
        "amount": loan["amount"],
        "started_on": granted.dt.strftime("%Y-%m-%d"),
        "matures_on": [f"{at + pd.DateOffset(months=n):%Y-%m-%d}" for at, n in zip(granted, months, strict=True)],
        "standing": loan["status"].map(LOANS),
    })  # fmt: skip


def transactions(data: Path) -> pd.DataFrame:
    """Every posting in the file's order, amounts in whole cents."""
    posted = read(data, "trans")
    return pd.DataFrame({
        "trans_id": posted["trans_id"],
        "account_id": posted["account_id"],
        "date": day(posted["date"]),
        "direction": posted["type"].map(TYPES),
        "amount": posted["amount"].astype(float).map("{:.2f}".format),
        "balance": posted["balance"].astype(float).map("{:.2f}".format),
        "operation": posted["operation"].map(OPERATIONS).fillna(""),
        "k_symbol": posted["k_symbol"].str.strip(),
        "bank": posted["bank"],
        "partner": posted["account"],
    })  # fmt: skip


MOVED = ("date", "opened_on", "started_on", "matures_on")


def moved(table: pd.DataFrame, days: int) -> pd.DataFrame:
    """A table with its days so many later; birthdays stay."""
    later = {
        name: (pd.to_datetime(table[name]) + pd.Timedelta(days=days)).dt.strftime("%Y-%m-%d")
        for name in MOVED
        if name in table
    }
    return table.assign(**later)


def main(data: Path, out: Path, until: str = "") -> None:
    """Write the four files."""
    out.mkdir(parents=True, exist_ok=True)
    posted = transactions(data)
    days = (pd.Timestamp(until) - pd.to_datetime(posted["date"]).max()).days if until else 0
    for name, table in (
        ("clients", clients(data)), ("accounts", accounts(data)), ("loans", loans(data)), ("transactions", posted),
    ):  # fmt: skip
        moved(table, days).to_csv(out / f"{name}.csv", index=False)
        print(f"{name}: {len(table):,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
