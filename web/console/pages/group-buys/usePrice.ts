/** The price of a seat in words: points, cash or both. */
import { useTranslation } from 'react-i18next'
import { formatCount, formatMoney } from '@kit/format'

export function usePrice() {
  const { t } = useTranslation()
  return (points: number, cash: number) => [points ? t('groupBuy.pricePoints', { points: formatCount(points) }) : '', cash ? formatMoney(cash) : ''].filter(Boolean).join(' + ')
}
