"""Why a programme, an invitation or a case is refused."""

from huoke.kernel.refusals import Conflict, Invalid, NotFound


class ProgrammeUnknown(NotFound):
    """There is no such referral programme in this bank."""

    code = "referral.programme_unknown"


class ProgrammeUnfit(Invalid):
    """A programme whose terms contradict each other or promise what cannot be given; `pointer` names the field."""

    code = "referral.programme_unfit"


class ActForbidden(Invalid):
    """What the invitee must do may not be rewarded: a share (rule M3), a deposit (B1), a product bought (B4)."""

    code = "referral.act_forbidden"


class ActUnfit(Invalid):
    """What the invitee must do is no act: it looks at something else than events, or is true of who does nothing."""

    code = "referral.act_unfit"


class ProgrammeClosed(Conflict):
    """The programme is not in a state that allows this."""

    code = "referral.programme_closed"


class ChannelClosed(Conflict):
    """Invitations that come this way are not accepted, or not any more."""

    code = "referral.channel_closed"


class ChannelFull(Conflict):
    """This inviter has brought as many this way as one may."""

    code = "referral.channel_full"


class InvitationUnknown(NotFound):
    """The code leads to no invitation of this bank."""

    code = "referral.invitation_unknown"


class NotStarted(Conflict):
    """The programme has not begun."""

    code = "referral.not_started"


class Ended(Conflict):
    """The programme takes no more invitations."""

    code = "referral.ended"


class Paused(Conflict):
    """The programme is paused; it may go on later."""

    code = "referral.paused"


class SelfInvited(Conflict):
    """Inviter and invitee are one natural person (rule R1)."""

    code = "referral.self_invited"


class Circle(Conflict):
    """The inviter was invited, directly or through others, by the very person they invite."""

    code = "referral.circle"


class InvitedBefore(Conflict):
    """The natural person already accepted an invitation of this programme."""

    code = "referral.invited_before"


class HelpOver(Conflict):
    """The time in which somebody asked for help is over."""

    code = "referral.help_over"


class HelpFull(Conflict):
    """As many as were asked for help already."""

    code = "referral.help_full"


class BondUnknown(NotFound):
    """There is no such invitation that was accepted in this bank."""

    code = "referral.bond_unknown"


class BondClosed(Conflict):
    """The invitation is not in a state that allows this."""

    code = "referral.bond_closed"
