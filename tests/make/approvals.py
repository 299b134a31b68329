"""A thing that is changed by approval: a note in memory whose text is proposed, checked and applied."""

from huoke.govern import approvals
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow, Stale


class Notes:
    """Serves changes of kind `note`: `proposed` becomes `live` when applied."""

    kind = "note"

    def __init__(self) -> None:
        self.live: dict[str, str] = {}
        self.proposed: dict[str, str] = {}
        self.forbidden: set[str] = set()
        self.closed: dict[str, str] = {}

    def diff(self, subject_id: str) -> tuple[FieldChange, ...]:
        return (
            FieldChange(
                path="text",
                label="正文",
                before=self.live.get(subject_id),
                after=self.proposed[subject_id],
                group="copy",
            ),
        )

    async def simulate(self, tx, subject_id) -> Simulation:
        before = len(self.live.get(subject_id, ""))
        row = SimulationRow(
            key="length", label="长度", unit="count", before=before, after=len(self.proposed[subject_id])
        )
        return Simulation(rows=(row,))

    async def check(self, tx, subject_id) -> list[Check]:
        bad = self.proposed[subject_id] in self.forbidden
        return [Check(rule="B3", verdict=CheckVerdict.FAIL if bad else CheckVerdict.PASS, detail="文案")]

    async def apply(self, tx, subject_id, diff_hash) -> None:
        if approvals.diff_hash(self.diff(subject_id)) != diff_hash:
            raise Stale("The text was changed after it was approved.")
        self.live[subject_id] = self.proposed[subject_id]

    async def close(self, tx, subject_id, state) -> None:
        self.closed[subject_id] = state

    def new_change(self, subject_id: str, text: str, unit_id: int, **changes) -> NewChange:
        self.proposed[subject_id] = text
        told = {"kind": self.kind, "subject_id": subject_id, "title": f"改 {subject_id}", "unit_id": unit_id}
        return NewChange(**{**told, "diff": self.diff(subject_id), **changes})
