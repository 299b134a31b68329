/** Rules and how they came out: sign, sentence, rule id in grey at the end. */
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'

export interface CheckItem {
  rule: string
  verdict: string
  text: string
}

const signs = { pass: ['checkCircle', 'good'], warn: ['warning', 'warn'], fail: ['stop', 'bad'] } as const
const order = ['fail', 'warn', 'pass']
/** Rules that people know by their ids (B1, M1); a check of the house's own is known by its sentence. */
const RULE = /^[A-Z]+\d/

export function CheckList({ checks }: { checks: CheckItem[] }) {
  const { t } = useTranslation()
  const sorted = [...checks].sort((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
  if (sorted.length === 0) return <p className="muted s12">{t('check.none')}</p>
  return (
    <ul className="checks">
      {sorted.map((check, index) => {
        const [icon, tone] = signs[check.verdict as keyof typeof signs] ?? signs.warn
        return (
          <li key={`${check.rule}${index}`}>
            <Icon name={icon} className={`icon ${tone}`} label={t(`check.${check.verdict}`, { defaultValue: check.verdict })} />
            <span className={check.verdict === 'pass' ? '' : tone}>{check.text}</span>
            {RULE.test(check.rule) && <span className="rule-id">{check.rule}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** "7 passed 1 warning" for a card's corner. */
export function countVerdicts(checks: CheckItem[], t: TFunction) {
  const count = (verdict: string) => checks.filter((check) => check.verdict === verdict).length
  const [passed, warned, failed] = [count('pass'), count('warn'), count('fail')]
  return (
    <>
      {passed > 0 && <b className="good">{t('check.passed', { count: passed })}</b>}
      {warned > 0 && <b className="warn">{t('check.warned', { count: warned })}</b>}
      {failed > 0 && <b className="bad">{t('check.failed', { count: failed })}</b>}
    </>
  )
}
