"""What care holds of a person: the words of cases. They carry no numbers, and are forgotten with their customer."""

from collections.abc import Sequence
from typing import Any

from huoke.govern.privacy import Remainder
from huoke.kernel.tx import Tx
from huoke.settle.care import store_personal


class PersonalCare:
    """Serves `privacy.PersonalData` for cases. What was given and done stays on record without its words."""

    columns = frozenset({"care.case_file.title", "care.note.body"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Cases with what was noted in them."""
        return {"cases": [dict(row) for row in await store_personal.words(tx, seq)]}

    async def hindrances(self, tx: Tx, seqs: Sequence[int]) -> list[str]:
        """An open case is worked to its end first."""
        count = await store_personal.open_cases(tx, seqs)
        return [f"还有 {count} 个服务工单未关闭 / {count} cases are open at the service desk"] if count else []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget the words."""
        await store_personal.forget(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Words that are still there."""
        count = await store_personal.left(tx, seqs)
        return [Remainder("care.note.body", f"{count} rows")] if count else []
