"""What was checked before an effect is told, in sentences."""

from huoke.decide.experiments import Method
from huoke.know.metrics import Unit
from huoke.measure.reports import telling
from huoke.measure.reports.model import CampaignEffect, Language
from huoke.measure.reports.words import words


def checks_of(told: CampaignEffect, language: Language) -> list[tuple[bool, str]]:
    """Whether each check is fine, and its sentence."""
    say, effect = words(language), told.effect
    checks = []
    if told.sample_ratio is not None:
        key = "ratio_alarm" if told.sample_ratio.alarm else "ratio_fine"
        checks.append((not told.sample_ratio.alarm, say[key].format(p=f"{told.sample_ratio.p:.3g}")))
    checks.append((True, say["intention"]))
    if effect.method is not None:
        past = say["past_used"].format(percent=round(100 * effect.variance_saved))
        checks.append((True, past if effect.variance_saved else say["past_not_used"]))
        checks.append((True, say["score" if effect.method is Method.SCORE else "welch"]))
    if effect.cap is not None and told.metric is not None:
        cap = telling.money(effect.cap) if told.metric.unit is Unit.FEN else f"{effect.cap:,.0f}"
        checks.append((True, say["capped"].format(cap=cap)))
    if told.parts.branch or told.parts.before:
        checks.append((True, say["parts_widened"]))
    return checks
