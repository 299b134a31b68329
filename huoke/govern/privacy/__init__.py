"""Personal data: fields encrypted under the bank's keys, found by blind index, masked, and revealed with a reason.

keys = await privacy.keys(tx)
ciphers = keys.encrypt("phone", seqs, phones)
indexes = keys.blind_index("phone", phones)
"""

from huoke.govern.privacy.customer_keys import CustomerKeys, customer_keys, forget
from huoke.govern.privacy.keys import TenantKeys, keys, rotate, unlock
from huoke.govern.privacy.model import (
    Field,
    FieldRevealed,
    KeyUnknown,
    NewReveal,
    ProofNeeded,
    Revealed,
    RevealNotFound,
    RevealsSpent,
    Unreadable,
    mask,
    normalise,
)
from huoke.govern.privacy.personal import (
    PersonalData,
    Remainder,
    copy_of,
    erase_everywhere,
    hindrances,
    personal_ports,
    register_personal,
)
from huoke.govern.privacy.reveal import (
    PROOF_MINUTES,
    REVEAL_SECONDS,
    REVEALS_PER_HOUR,
    Found,
    register_revealer,
    reveal,
)

__all__ = [
    "PROOF_MINUTES",
    "REVEALS_PER_HOUR",
    "REVEAL_SECONDS",
    "CustomerKeys",
    "Field",
    "FieldRevealed",
    "Found",
    "KeyUnknown",
    "NewReveal",
    "PersonalData",
    "ProofNeeded",
    "Remainder",
    "RevealNotFound",
    "Revealed",
    "RevealsSpent",
    "TenantKeys",
    "Unreadable",
    "copy_of",
    "customer_keys",
    "erase_everywhere",
    "forget",
    "hindrances",
    "keys",
    "mask",
    "normalise",
    "personal_ports",
    "register_personal",
    "register_revealer",
    "reveal",
    "rotate",
    "unlock",
]
