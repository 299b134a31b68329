/** Who pays for what an exchange brings, what it may cost a month, and the better rates of tiers with their reasons. */
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { listBudgets } from '@api/benefits'
import type { RateCard } from '@api/exchange'
import { getSchemes } from '@api/tiers'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { parseYuan } from '@kit/format'
import { Icon } from '@kit/icons'

export type Direction = NonNullable<RateCard['direction']>
export type Bearer = NonNullable<RateCard['bearer']>
export type Rates = NonNullable<RateCard['tiers']>

const BEARERS: Record<Direction, readonly Bearer[]> = { own: ['type', 'budget'], in: ['type', 'budget', 'partner'], out: ['type', 'partner'] }

export function CardCosts({ direction, bearer }: { direction: Direction; bearer: Bearer }) {
  const { t } = useTranslation()
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: listBudgets, enabled: bearer === 'budget' })
  const isAmount = { validator: (_: unknown, text?: string) => (!text || (parseYuan(text) ?? 0) > 0 ? Promise.resolve() : Promise.reject(new Error(t('form.amount')))) }
  const capped = bearer !== 'partner' && direction !== 'out'
  return (
    <div className="points-pair">
      <Form.Item name="bearer" label={t('exchange.bearer')}><Select options={BEARERS[direction].map((value) => ({ value, label: t(`exchange.bearers.${value}`) }))} /></Form.Item>
      {bearer === 'budget' && <Form.Item name="funder" label={t('exchange.budget')} rules={[{ required: true, message: t('points.needed') }]}><Select showSearch optionFilterProp="label" loading={budgets.isLoading} options={(budgets.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))} /></Form.Item>}
      {capped && <Form.Item name="cost_month" label={t('exchange.costMonth')} rules={[isAmount]}><Input prefix="¥" inputMode="decimal" autoComplete="off" placeholder={t('exchange.noLimit')} /></Form.Item>}
      {capped && <Form.Item name="alarm_percent" label={t('exchange.alarm')}><InputNumber min={1} max={100} precision={0} suffix="%" /></Form.Item>}
    </div>
  )
}

export function TierRates() {
  const { t } = useTranslation()
  const say = useBilingual()
  const { may } = useSession()
  const schemes = useQuery({ queryKey: ['tier-scheme'], queryFn: getSchemes, enabled: may('tier.read') })
  const levels = schemes.data?.in_force?.tiers.slice(1) ?? []
  const needed = [{ required: true, message: t('points.needed') }]
  const chosen = (Form.useWatch('tiers') as Rates | undefined) ?? []
  if (levels.length === 0 && chosen.length === 0) return null
  const names = levels.map((one) => ({ value: one.key, label: say(one.name, one.name_en), disabled: chosen.some((rate) => rate?.tier === one.key) }))
  return (
    <fieldset className="points-who">
      <legend>{t('exchange.tierRates')}</legend>
      <p className="second s13">{t('exchange.tierRatesHint')}</p>
      <Form.List name="tiers">
        {(rates, { add, remove }) => (
          <>
            {rates.map(({ key, name }) => (
              <div className="points-rate" key={key}>
                <Form.Item name={[name, 'tier']} label={t('exchange.tier')} rules={needed}><Select options={names} /></Form.Item>
                <Form.Item name={[name, 'takes']} label={t('exchange.takes')} rules={needed}><InputNumber min={1} max={1_000_000} precision={0} /></Form.Item>
                <Form.Item name={[name, 'gives']} label={t('exchange.gives')} rules={needed}><InputNumber min={1} max={1_000_000} precision={0} /></Form.Item>
                <Form.Item name={[name, 'reason']} label={t('exchange.tierReason')} rules={[{ required: true, whitespace: true, message: t('points.needed') }]}><Input maxLength={100} autoComplete="off" /></Form.Item>
                <Button type="text" aria-label={t('action.remove')} icon={<Icon name="close" />} onClick={() => remove(name)} />
              </div>
            ))}
            {rates.length < levels.length && <Button icon={<Icon name="plus" />} onClick={() => add({ takes: 1, gives: 1 })}>{t('exchange.addTier')}</Button>}
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
