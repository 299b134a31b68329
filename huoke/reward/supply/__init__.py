"""Suppliers: who delivers benefits, and on what terms they are paid."""

from huoke.reward.supply.add import add, change, retire
from huoke.reward.supply.model import (
    NewSupplier,
    Supplier,
    SupplierChange,
    SupplierCodeTaken,
    SuppliersChanged,
    SupplierStatus,
    SupplierUnfit,
    SupplierUnknown,
)
from huoke.reward.supply.read import count, find, get, names

__all__ = [
    "NewSupplier",
    "Supplier",
    "SupplierChange",
    "SupplierCodeTaken",
    "SupplierStatus",
    "SupplierUnfit",
    "SupplierUnknown",
    "SuppliersChanged",
    "add",
    "change",
    "count",
    "find",
    "get",
    "names",
    "retire",
]
