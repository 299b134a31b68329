"""Customers: master rows with encrypted personal fields, attributes with history, and the import that brings them.

seqs = await customers.find_by_no(tx, ["10023", "10024"])
facts = await customers.facts(tx, seqs)             units and natural persons (rule R1), as columns
import_id = await customers.start(tx, new)          runs as a job; `run_import` runs it here
"""

from huoke.know.customers.attributes import define_attributes, list_attributes
from huoke.know.customers.erase import (
    CustomerErased,
    Erasure,
    ErasureApproval,
    ErasureOpen,
    NewErasure,
    erasures,
    request_erasure,
)
from huoke.know.customers.import_model import Import, ImportStatus, ImportUnknown, NewImport, SavedMapping
from huoke.know.customers.importing import (
    cancel_import,
    find_imports,
    get_import,
    list_mappings,
    rejects_file,
    save_mapping,
    start,
)
from huoke.know.customers.mapping import (
    ColumnMapping,
    DeclaredBasis,
    Mapping,
    MappingUnfit,
    Target,
    read_mapping,
)
from huoke.know.customers.model import (
    Attribute,
    AttributeType,
    CustomerRow,
    CustomerStatus,
    CustomerUnknown,
    Facts,
    deposit_lineage,
)
from huoke.know.customers.personal import PersonalCustomers
from huoke.know.customers.proposal import Proposal, propose, propose_for
from huoke.know.customers.read import (
    Contact,
    Customer,
    attributes_of,
    contacts,
    facts,
    find,
    find_by_no,
    get,
    history,
    latest_change,
    masked_rows,
    open_field,
    persons,
    state,
)
from huoke.know.customers.records import FileUnfit
from huoke.know.customers.report import ColumnReport, ImportReport, RowError
from huoke.know.customers.run import run_import
from huoke.know.customers.streams import COLUMN_PREFIX, CUSTOMERS, DECIMAL_SCALE

__all__ = [
    "COLUMN_PREFIX",
    "CUSTOMERS",
    "DECIMAL_SCALE",
    "Attribute",
    "AttributeType",
    "ColumnMapping",
    "ColumnReport",
    "Contact",
    "Customer",
    "CustomerErased",
    "CustomerRow",
    "CustomerStatus",
    "CustomerUnknown",
    "DeclaredBasis",
    "Erasure",
    "ErasureApproval",
    "ErasureOpen",
    "Facts",
    "FileUnfit",
    "Import",
    "ImportReport",
    "ImportStatus",
    "ImportUnknown",
    "Mapping",
    "MappingUnfit",
    "NewErasure",
    "NewImport",
    "PersonalCustomers",
    "Proposal",
    "RowError",
    "SavedMapping",
    "Target",
    "attributes_of",
    "cancel_import",
    "contacts",
    "define_attributes",
    "deposit_lineage",
    "erasures",
    "facts",
    "find",
    "find_by_no",
    "find_imports",
    "get",
    "get_import",
    "history",
    "latest_change",
    "list_attributes",
    "list_mappings",
    "masked_rows",
    "open_field",
    "persons",
    "propose",
    "propose_for",
    "read_mapping",
    "rejects_file",
    "request_erasure",
    "run_import",
    "save_mapping",
    "start",
    "state",
]
