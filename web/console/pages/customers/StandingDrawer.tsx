/** How a customer stood at the end of a day: temperature, cell, record, consents, products, segments, tags; what is another now is marked. */
import { useQuery } from '@tanstack/react-query'
import { DatePicker, Drawer } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { getStanding, type Standing } from '@api/timeline'
import { useBilingual } from '@console/app/useWords'
import { useUnitLabel } from '@console/app/units'
import { Facts } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { StageTag } from './TemperatureCard'

type Had = NonNullable<Standing['tags']>[number]
type Fact = NonNullable<Standing['facts']>[number]

export function StandingDrawer({ seq, day, choose, close }: { seq: number; day: string; choose: (day: string) => void; close: () => void }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['standing', seq, day], queryFn: () => getStanding(seq, day) })
  return (
    <Drawer open title={t('timeline.asOf')} onClose={close} size={480}>
      <div className="stack">
        <DatePicker aria-label={t('timeline.day')} allowClear={false} value={dayjs(day)} disabledDate={(one) => one.isAfter(dayjs(), 'day')} onChange={(one) => one && choose(one.format('YYYY-MM-DD'))} />
        <Loaded query={query} rows={8}>{(found) => (found.existed ? <Stood found={found} /> : <Empty sign="search" title={t('timeline.notYet')}>{t('timeline.notYetHint')}</Empty>)}</Loaded>
      </div>
    </Drawer>
  )
}

function Stood({ found }: { found: Standing }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <>
      <Facts
        rows={[
          [t('temperature.title'), found.temperature ? <span key="warm" className="row end"><StageTag stage={found.temperature.stage} value={found.temperature.temperature} /><span className="tag info">{t(`temperature.lifecycles.${found.temperature.lifecycle}`)}</span></span> : '—'],
          [t('timeline.cell'), found.cell ? say(found.cell.label, found.cell.label_en) : '—'],
        ]}
      />
      <section>
        <h3 className="s13" style={{ marginBottom: 6 }}>{t('timeline.record')}</h3>
        <Facts rows={(found.facts ?? []).map((fact) => [say(fact.label, fact.label_en) || fact.name, <span key={fact.name}><Value fact={fact} />{fact.differs && <span className="tag warn" style={{ marginLeft: 8 }}>{t('timeline.differs')}</span>}</span>])} />
      </section>
      <List title={t('customer.consents')} rows={found.consents ?? []} />
      <List title={t('timeline.products')} rows={found.products ?? []} detail={(row) => t(`held.kinds.${row.detail}`)} />
      <List title={t('timeline.segments')} rows={found.segments ?? []} />
      <List title={t('timeline.tags')} rows={found.tags ?? []} detail={(row) => row.detail ?? ''} />
    </>
  )
}

function Value({ fact }: { fact: Fact }) {
  const { t } = useTranslation()
  const unitLabel = useUnitLabel()
  if (fact.value == null) return <>—</>
  if (fact.name === 'unit_id') return <>{unitLabel(Number(fact.value), '')}</>
  if (fact.name === 'status') return <>{t(`status.customer.${String(fact.value)}`)}</>
  if (typeof fact.value === 'boolean') return <>{t(fact.value ? 'segment.yes' : 'segment.no')}</>
  return <>{String(fact.value)}</>
}

function List({ title, rows, detail }: { title: string; rows: Had[]; detail?: (row: Had) => string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  return (
    <section>
      <h3 className="s13" style={{ marginBottom: 6 }}>{title}</h3>
      {rows.length === 0 ? (
        <p className="muted s13">{t('timeline.nothing')}</p>
      ) : (
        <ul className="lines tight">
          {rows.map((row) => <li key={`${row.label}${row.detail}${row.since}`} className="between s13"><span>{say(row.label, row.label_en)}</span><span className="muted s12">{[detail?.(row), row.since].filter(Boolean).join(' · ')}</span></li>)}
        </ul>
      )}
    </section>
  )
}
