/** The prize table of a draft: a benefit out of a pool, its odds, its limits, and what is given where it is gone. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listPools, listSkus } from '@api/benefits'
import type { PrizeDraft } from '@api/plays'
import { useSkuName } from '@console/app/useWords'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Count, type PartProps } from './PlayForm'
import { PPM, exactPercent, oddsDue, oddsSum, percentOf, ppmOf } from './shapes'

export function PrizeTable({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const prizes = draft.prizes ?? []
  const sum = oddsSum(draft)
  const nothing = prizes.findIndex((one) => !one.sku_id)
  const change = (place: number, changes: Partial<PrizeDraft>) => put({ prizes: prizes.map((one, at) => (at === place ? { ...one, ...changes } : one)) })
  const drop = (place: number) => put({ prizes: prizes.filter((_, at) => at !== place).map((one) => ({ ...one, fallback: moved(one.fallback, place) })), guarantee_line: moved(draft.guarantee_line, place) })
  const add = () => put({ prizes: [...prizes, { title: '', title_en: '', odds_ppm: 0, per_day: 0, per_person: 0, fallback: nothing < 0 ? null : nothing }] })
  const rest = () => nothing >= 0 && change(nothing, { odds_ppm: Math.max(0, PPM - (sum - (prizes[nothing]?.odds_ppm ?? 0))) })
  return (
    <Card title={t('play.table')} hint={t(oddsDue(draft) ? 'play.tableHint' : 'play.tableHintDone')} right={<span className={sum === oddsDue(draft) ? 'tag ok' : 'tag bad'}>{t('play.sum', { percent: exactPercent(sum) })}</span>}>
      <ol className="prizes">{prizes.map((one, place) => <Line key={place} prize={one} place={place} titles={prizes.map((other) => other.title)} change={(changes) => change(place, changes)} drop={prizes.length > 1 ? () => drop(place) : null} />)}</ol>
      <div className="row"><Button icon={<Icon name="plus" />} disabled={prizes.length >= 24} onClick={add}>{t('play.addPrize')}</Button>{nothing >= 0 && oddsDue(draft) === PPM && sum !== PPM && <Button type="link" onClick={rest}>{t('play.fillRest')}</Button>}</div>
    </Card>
  )
}

/** Where a line stands once another has gone; nowhere, if it was that one. */
function moved(line: number | null | undefined, gone: number): number | null {
  if (line == null || line === gone) return null
  return line > gone ? line - 1 : line
}

interface LineProps {
  prize: PrizeDraft
  place: number
  titles: string[]
  change: (changes: Partial<PrizeDraft>) => void
  drop: (() => void) | null
}

export function Line({ prize, place, titles, change, drop }: LineProps) {
  const { t } = useTranslation()
  const name = useSkuName()
  const [typed, setTyped] = useState('')
  const skus = useQuery({ queryKey: ['skus', 'published', typed], queryFn: () => listSkus({ limit: '200', status: 'published', ...(typed && { q: typed }) }), placeholderData: keepPreviousData })
  const found = (skus.data?.items ?? []).map((one) => ({ value: one.id, label: name(one) }))
  const choices = prize.sku_id && !found.some((one) => one.value === prize.sku_id) ? [{ value: prize.sku_id, label: prize.title || '…' }, ...found] : found
  const pools = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const fit = (pools.data?.items ?? []).filter((one) => one.sku_id === prize.sku_id)
  const label = (key: string) => `${t('play.prize', { number: place + 1 })} ${t(`play.${key}`)}`
  return (
    <li className={prize.sku_id ? 'prize' : 'prize nothing'}>
      <b className="prize-no">{place + 1}</b>
      <Input aria-label={label('prizeTitle')} placeholder={t('play.prizeTitle')} maxLength={40} value={prize.title} onChange={(event) => change({ title: event.target.value })} />
      <Input aria-label={label('prizeTitleEn')} placeholder={t('play.prizeTitleEn')} maxLength={40} value={prize.title_en} onChange={(event) => change({ title_en: event.target.value })} />
      <InputNumber aria-label={label('odds')} min={0} max={100} step={0.1} precision={4} suffix="%" value={percentOf(prize.odds_ppm ?? 0)} formatter={(value) => String(value ?? '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')} onChange={(value) => change({ odds_ppm: ppmOf(value) })} />
      <Button type="text" aria-label={t('play.dropPrize', { number: place + 1 })} disabled={!drop} icon={<Icon name="close" />} onClick={() => drop?.()} />
      <Select aria-label={label('sku')} className="prize-sku" allowClear showSearch={{ filterOption: false, onSearch: setTyped }} placeholder={t('play.nothing')} value={prize.sku_id} onChange={(sku_id) => change(sku_id ? { sku_id, pool_id: null } : { sku_id: null, pool_id: null, fallback: null, per_day: 0, per_person: 0 })} options={choices} />
      {prize.sku_id && (
        <>
          <Select aria-label={label('pool')} className="prize-pool" placeholder={t('play.pool')} notFoundContent={t('play.noPool')} value={prize.pool_id} onChange={(pool_id) => change({ pool_id })} options={fit.map((one) => ({ value: one.id, label: `${one.name} · ${formatCount(one.available)}` }))} />
          <div className="prize-limits">
            <label><span>{t('play.perDay')}</span><Count label={label('perDay')} value={prize.per_day ?? 0} set={(per_day) => change({ per_day })} /></label>
            <label><span>{t('play.perPerson')}</span><Count label={label('perPerson')} value={prize.per_person ?? 0} set={(per_person) => change({ per_person })} /></label>
            <label className="grow"><span>{t('play.fallback')}</span><Select aria-label={label('fallback')} value={prize.fallback} onChange={(fallback) => change({ fallback })} options={titles.flatMap((title, value) => (value === place ? [] : [{ value, label: `${value + 1} ${title}` }]))} /></label>
          </div>
        </>
      )}
    </li>
  )
}
