"""The SQL of counting invitations anew when customers turn out to be one natural person, or two again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward.referral.model import Bond
from huoke.reward.referral.store_bond import COLUMNS, bond_of

_NEW = "unnest($1::int[], $2::int[]) AS {name} (seq, person)"

# Of two invitations of one person the first stays; an invitation between two numbers of one person clashes by itself.
_CLASHING = f"""
WITH told AS (
  SELECT b.*, coalesce(i.person, b.invitee_person) AS invitee, coalesce(r.person, b.inviter_person) AS inviter
  FROM referral.bond AS b LEFT JOIN {_NEW.format(name="i")} ON i.seq = b.invitee_seq
  LEFT JOIN {_NEW.format(name="r")} ON r.seq = b.inviter_seq
  WHERE b.programme_id IN (SELECT programme_id FROM referral.bond
    WHERE invitee_seq = ANY($1::int[]) OR inviter_seq = ANY($1::int[]))
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY programme_id, invitee ORDER BY bound_at, id) AS place FROM told
)
SELECT {COLUMNS} FROM ranked WHERE (invitee_seq = ANY($1::int[]) OR inviter_seq = ANY($1::int[]))
  AND (place > 1 OR invitee = inviter) ORDER BY id
"""


async def clashing(tx: Tx, persons: Mapping[int, int]) -> list[Bond]:
    """Invitations that would be of one person with themselves, or the second of one person, if these counted so."""
    rows = await tx.fetch(_CLASHING, list(persons), list(persons.values()))
    return [bond_of(row) for row in rows]


async def count_as(tx: Tx, persons: Mapping[int, int], but: Sequence[UUID]) -> None:
    """Let invitations and inviters count as these persons', but those that clash."""
    columns = (list(persons), list(persons.values()))
    await tx.execute(
        "UPDATE referral.bond AS b SET invitee_person = n.person FROM unnest($1::int[], $2::int[]) AS n (seq, person)"
        " WHERE b.invitee_seq = n.seq AND b.invitee_person <> n.person AND b.id <> ALL($3)",
        *columns,
        list(but),
    )
    await tx.execute(
        "UPDATE referral.bond AS b SET inviter_person = n.person FROM unnest($1::int[], $2::int[]) AS n (seq, person)"
        " WHERE b.inviter_seq = n.seq AND b.inviter_person <> n.person AND b.id <> ALL($3)",
        *columns,
        list(but),
    )
    await tx.execute(
        "UPDATE referral.referrer AS r SET person = n.person FROM unnest($1::int[], $2::int[]) AS n (seq, person)"
        " WHERE r.seq = n.seq AND r.person <> n.person AND NOT EXISTS (SELECT FROM referral.referrer AS o"
        " WHERE o.programme_id = r.programme_id AND o.person = n.person)",
        *columns,
    )
