/** Figures of cards, charts and headlines: said as the reader's language says them, every digit in the tooltip. */
import { useTranslation } from 'react-i18next'
import { formatCount, formatMoney, headlineCount, headlineMoney } from './format'

interface Headlines {
  count: (count: number | null | undefined) => string
  money: (fen: number | null | undefined) => string
}

/** The same as text, for the labels of charts. */
export function useHeadlines(): Headlines {
  const { i18n } = useTranslation()
  const reader = i18n.language === 'en' ? 'en' : 'zh-CN'
  return { count: (count) => headlineCount(count, reader), money: (fen) => headlineMoney(fen, reader) }
}

function Said({ short, whole }: { short: string; whole: string }) {
  return <span title={short === whole ? undefined : whole}>{short}</span>
}

export function Count({ value }: { value: number | null | undefined }) {
  return <Said short={useHeadlines().count(value)} whole={formatCount(value)} />
}

export function Money({ fen }: { fen: number | null | undefined }) {
  return <Said short={useHeadlines().money(fen)} whole={formatMoney(fen)} />
}
