"""What the console of a coupon platform exports: a day's coupons, a day's uses; each with a control row."""

import csv
import io
from collections.abc import Sequence

FILE_COLUMNS = ("order_no", "supplier_no", "sku_code", "status", "amount_fen")
USE_COLUMNS = ("use_request_no", "coupon_code", "stock_id", "use_time")
"""As the published calls name them."""


def write_day_file(rows: Sequence[tuple[str, str, str, str, int]]) -> bytes:
    """A day's orders in the columns the bank's reconciliation reads."""
    done = [fen for *_, status, fen in rows if status == "success"]
    return _written(FILE_COLUMNS, rows, ("#total", len(rows), len(done), sum(done), ""))


def write_use_file(rows: Sequence[tuple[str, str, str, str]]) -> bytes:
    """A day's uses: request number, coupon, batch, time."""
    return _written(USE_COLUMNS, rows, ("#total", len(rows), len(rows), 0))


def _written(head: Sequence[str], rows: Sequence[Sequence[object]], total: Sequence[object]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    writer.writerow(total)
    return out.getvalue().encode()
