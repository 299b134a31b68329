/** The levels of a scheme: names, where each begins, and what comes with it. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBudgets, listPools } from '@api/benefits'
import type { Level, LevelBenefit, Scheme } from '@api/tiers'
import { useBilingual, useSkuName } from '@console/app/useWords'
import { useSkus } from '@console/pages/campaigns/BenefitSection'
import { Ask } from '@kit/ask'
import { formatCount } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'

interface LevelsProps {
  scheme: Scheme
  held: Scheme | null
  edit: boolean
  put: (levels: Level[]) => void
}

export function Levels({ scheme, held, edit, put }: LevelsProps) {
  const { t } = useTranslation()
  const say = useBilingual()
  const [giving, setGiving] = useState<number | null>(null)
  const names = useBenefitNames()
  const before = new Map((held?.tiers ?? []).map((one) => [one.key, JSON.stringify(one)]))
  const change = (place: number, changes: Partial<Level>) => put(scheme.tiers.map((one, at) => (at === place ? { ...one, ...changes } : one)))
  return (
    <Card title={t('tiers.levels')} hint={t('tiers.levelsHint')} flush right={edit && scheme.tiers.length < 12 && <Button onClick={() => put([...scheme.tiers, nextLevel(scheme.tiers)])}>{t('tiers.add')}</Button>}>
      <div className="tiers-scroll">
        <table className="tiers-table">
          <thead><tr><th>{t('tiers.name')}</th><th>{t('tiers.nameEn')}</th><th>{t('tiers.threshold')}</th><th>{t('tiers.benefits')}</th><th aria-label={t('tiers.remove')} /></tr></thead>
          <tbody>
            {scheme.tiers.map((level, place) => (
              <tr key={level.key} className={before.get(level.key) === JSON.stringify(level) ? '' : 'changed'}>
                <td><Input aria-label={t('tiers.name')} disabled={!edit} maxLength={20} value={level.name} onChange={(event) => change(place, { name: event.target.value })} /></td>
                <td><Input aria-label={t('tiers.nameEn')} disabled={!edit} maxLength={40} value={level.name_en} onChange={(event) => change(place, { name_en: event.target.value })} /></td>
                <td>{place === 0 ? <span className="muted">0</span> : <InputNumber aria-label={t('tiers.threshold')} disabled={!edit} min={1} precision={0} value={level.threshold} formatter={(value) => formatCount(Number(value ?? 0))} parser={(text) => Number((text ?? '').replace(/\D/g, ''))} onChange={(value) => change(place, { threshold: value ?? level.threshold })} />}</td>
                <td className="gifts">
                  {(level.benefits ?? []).map((one, at) => (
                    <span key={one.sku_id} className="tag">{names.get(one.sku_id) ?? '…'} · {t(`tiers.rhythms.${one.rhythm ?? 'reached'}`)}{edit && <button type="button" aria-label={t('tiers.removeGift')} onClick={() => change(place, { benefits: level.benefits?.filter((_, other) => other !== at) })}><Icon name="close" /></button>}</span>
                  ))}
                  {edit && place > 0 && <Button size="small" type="link" onClick={() => setGiving(place)}>{t('tiers.addGift')}</Button>}
                </td>
                <td>{edit && place > 0 && scheme.tiers.length > 2 && <Button type="text" aria-label={t('tiers.removeOf', { level: say(level.name, level.name_en) })} icon={<Icon name="close" />} onClick={() => put(scheme.tiers.filter((_, at) => at !== place))} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {giving !== null && <GiftForm close={() => setGiving(null)} add={(gift) => change(giving, { benefits: [...(scheme.tiers[giving]?.benefits ?? []).filter((one) => one.sku_id !== gift.sku_id), gift] })} />}
    </Card>
  )
}

function GiftForm({ close, add }: { close: () => void; add: (gift: LevelBenefit) => void }) {
  const { t } = useTranslation()
  const name = useSkuName()
  const [form] = Form.useForm<LevelBenefit>()
  const sku = Form.useWatch('sku_id', form)
  const skus = useSkus()
  const pools = useQuery({ queryKey: ['pools'], queryFn: listPools })
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets })
  const fit = (pools.data?.items ?? []).filter((one) => one.sku_id === sku)
  return (
    <Ask<LevelBenefit> form={form} title={t('tiers.addGift')} initial={{ rhythm: 'reached', valid_days: 30 }} submit={(gift) => { add(gift); return Promise.resolve() }} close={close}>
      <Form.Item name="sku_id" label={t('tiers.gift')} rules={[{ required: true, message: t('tiers.giftMissing') }]}><Select showSearch optionFilterProp="label" options={skus.all.map((one) => ({ value: one.id, label: name(one) }))} onChange={() => form.setFieldValue('pool_id', undefined)} /></Form.Item>
      <Form.Item name="rhythm" label={t('tiers.rhythm')}><Segmented options={(['reached', 'monthly'] as const).map((value) => ({ value, label: t(`tiers.rhythms.${value}`) }))} /></Form.Item>
      <Form.Item name="pool_id" label={t('tiers.pool')} rules={[{ required: true, message: t('tiers.poolMissing') }]}><Select notFoundContent={t('tiers.noPool')} options={fit.map((one) => ({ value: one.id, label: `${one.name} · ${formatCount(one.available)}` }))} /></Form.Item>
      <Form.Item name="budget_id" label={t('tiers.budget')} rules={[{ required: true, message: t('tiers.budgetMissing') }]}><Select showSearch optionFilterProp="label" options={(budgets.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))} /></Form.Item>
      <Form.Item name="valid_days" label={t('tiers.valid')}><InputNumber min={1} max={366} precision={0} suffix={t('tiers.days')} /></Form.Item>
    </Ask>
  )
}

/** What benefits are called, by id of the SKU. */
function useBenefitNames(): Map<string, string> {
  const name = useSkuName()
  return new Map(useSkus().all.map((one) => [one.id, name(one)]))
}

function nextLevel(levels: Level[]): Level {
  const taken = new Set(levels.map((one) => one.key))
  let number = levels.length + 1
  while (taken.has(`level_${number}`)) number += 1
  return { key: `level_${number}`, name: '', name_en: '', threshold: (levels.at(-1)?.threshold ?? 0) * 2 || 1000, benefits: [] }
}
