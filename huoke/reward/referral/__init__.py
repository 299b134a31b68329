"""Referral 推荐有礼: a customer or a member of staff invites, the invitee does something, both get a benefit.

programme_id = await referral.propose(tx, principal, NewProgramme(…))      live once another person approved it
code = await referral.own_code(tx, programme_id, seq)                      the inviter's own code
[bound] = await referral.bind(tx, [Call(Bind(code=code, seq=invitee), …)])   accepted, whole circles refused
await referral.advance(tx, clickhouse)                                     act seen → held → judged → both rewarded
"""

from huoke.reward.referral.act import compile_act, names_product
from huoke.reward.referral.advance import advance
from huoke.reward.referral.attribution import Attributed, Attribution, attribution
from huoke.reward.referral.bind import TARGET, Bind, Bound, bind, own_code, own_staff_code, staff_code
from huoke.reward.referral.case import CaseApproval, NewCase, Verb, ask
from huoke.reward.referral.events import BondMoved, InvitationAccepted, ProgrammeChanged
from huoke.reward.referral.leftover import give_back_all, stop
from huoke.reward.referral.model import (
    Benefit,
    Bond,
    BondState,
    LadderStep,
    NewProgramme,
    Programme,
    ProgrammeState,
    Reason,
    Verdict,
)
from huoke.reward.referral.own import Friend, Invitation, OwnInvitations, invitation, own, shown
from huoke.reward.referral.personal import PersonalReferral
from huoke.reward.referral.poster import address_of, poster
from huoke.reward.referral.programme import PAGES_URL, ProgrammeApproval, get, pause, propose, resume
from huoke.reward.referral.read import (
    BondRow,
    BondStep,
    InviteTree,
    ProgrammePage,
    ProgrammeRow,
    SideBenefit,
    bond_steps,
    bonds,
    count_bonds,
    page,
    rows,
    tree,
)
from huoke.reward.referral.recount import recount
from huoke.reward.referral.refusals import (
    ActForbidden,
    ActUnfit,
    BondClosed,
    BondUnknown,
    Circle,
    Ended,
    HelpFull,
    HelpOver,
    InvitationUnknown,
    InvitedBefore,
    NotEligible,
    NotStarted,
    Paused,
    ProgrammeClosed,
    ProgrammeUnfit,
    ProgrammeUnknown,
    SelfInvited,
)
from huoke.reward.referral.staff_codes import (
    StaffInvited,
    StaffProgramme,
    staff_invited,
    staff_poster,
    staff_programmes,
)

__all__ = [
    "PAGES_URL",
    "TARGET",
    "ActForbidden",
    "ActUnfit",
    "Attributed",
    "Attribution",
    "Benefit",
    "Bind",
    "Bond",
    "BondClosed",
    "BondMoved",
    "BondRow",
    "BondState",
    "BondStep",
    "BondUnknown",
    "Bound",
    "CaseApproval",
    "Circle",
    "Ended",
    "Friend",
    "HelpFull",
    "HelpOver",
    "Invitation",
    "InvitationAccepted",
    "InvitationUnknown",
    "InviteTree",
    "InvitedBefore",
    "LadderStep",
    "NewCase",
    "NewProgramme",
    "NotEligible",
    "NotStarted",
    "OwnInvitations",
    "Paused",
    "PersonalReferral",
    "Programme",
    "ProgrammeApproval",
    "ProgrammeChanged",
    "ProgrammeClosed",
    "ProgrammePage",
    "ProgrammeRow",
    "ProgrammeState",
    "ProgrammeUnfit",
    "ProgrammeUnknown",
    "Reason",
    "SelfInvited",
    "SideBenefit",
    "StaffInvited",
    "StaffProgramme",
    "Verb",
    "Verdict",
    "address_of",
    "advance",
    "ask",
    "attribution",
    "bind",
    "bond_steps",
    "bonds",
    "compile_act",
    "count_bonds",
    "get",
    "give_back_all",
    "invitation",
    "names_product",
    "own",
    "own_code",
    "own_staff_code",
    "page",
    "pause",
    "poster",
    "propose",
    "recount",
    "resume",
    "rows",
    "shown",
    "staff_code",
    "staff_invited",
    "staff_poster",
    "staff_programmes",
    "stop",
    "tree",
]
