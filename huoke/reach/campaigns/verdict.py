"""Making one line of a campaign's checks."""

from typing import Any

from huoke.govern.approvals import Check, CheckVerdict


def check(rule: str, code: str, verdict: CheckVerdict, zh: str, en: str, **data: Any) -> Check:
    """A rule, how it came out, and the same sentence in both languages; `code` names the sentence."""
    return Check(rule=rule, verdict=verdict, detail=zh, detail_en=en, data={"code": code, **data})


def verdict_of(*, fail: bool = False, warn: bool = False) -> CheckVerdict:
    """Fail before warn before pass."""
    return CheckVerdict.FAIL if fail else CheckVerdict.WARN if warn else CheckVerdict.PASS
