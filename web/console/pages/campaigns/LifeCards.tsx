/** Cards of a living campaign: its releases, its ways in with their pictures, changes that were asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { entryPicture, listAmendments, listEntries, openEntries, type Campaign, type Entry } from '@api/campaigns'
import { Ask } from '@kit/ask'
import { formatCount, formatInstant, formatMoney, formatRecent } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'

export function ReleasesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  if (campaign.releases.length < 2) return null
  return (
    <Card title={t('wizard.rollout.releases')} hint={t('wizard.rollout.releasesHint')}>
      <ol className="release-steps">
        {campaign.releases.map((release) => (
          <li key={release.place} data-open={release.opened_at ? '' : undefined} data-held={release.held_at ? '' : undefined}>
            <b>{release.pilot ? t('life.pilot') : `${release.percent}%`}</b>
            <span>{t('unit.sized', { shown: formatCount(release.customers) })}</span>
            <small>
              {release.opened_at
                ? t('life.openedAt', { time: formatRecent(release.opened_at) })
                : release.held_at
                  ? t(`life.held.${release.held_for}`, { defaultValue: release.held_for })
                  : release.after_hours == null
                    ? t('wizard.rollout.byHand')
                    : t('wizard.rollout.after', { count: release.after_hours })}
            </small>
          </li>
        ))}
      </ol>
    </Card>
  )
}

export function EntriesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaign-entries', campaign.id], queryFn: () => listEntries(campaign.id) })
  const [adding, setAdding] = useState(false)
  const [shown, setShown] = useState<Entry | null>(null)
  if (!campaign.offer_id) return null
  return (
    <Card title={t('wizard.entries.title')} hint={t('wizard.entries.hint')} right={campaign.can.includes('open_entries') && <Button size="small" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('wizard.entries.add')}</Button>}>
      <Loaded query={query}>
        {(page) => (
          <ul className="entry-grid">
            {page.items.map((entry) => (
              <li key={entry.id}>
                <button type="button" onClick={() => setShown(entry)}>
                  <img src={entryPicture(campaign.id, entry.id, 'qr.svg')} alt="" width={56} height={56} />
                  <span><b>{entry.name}</b><small>{t(`wizard.entries.kinds.${entry.kind}`)}{entry.closed_at ? ` · ${t('life.closed')}` : ''}</small><small className="mono">/e/{entry.code}</small></span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {adding && <AddEntry campaign={campaign} close={() => setAdding(false)} />}
      {shown && <EntryDrawer campaign={campaign} entry={shown} close={() => setShown(null)} />}
    </Card>
  )
}

function AddEntry({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const add = async ({ name, kind }: { name: string; kind: Entry['kind'] }) => {
    cache.setQueryData(['campaign-entries', campaign.id], await openEntries(campaign.id, [{ name, kind }]))
  }
  return (
    <Ask<{ name: string; kind: Entry['kind'] }> title={t('wizard.entries.add')} submit={add} close={close} initial={{ kind: 'poster' }} action={t('action.add')}>
      <Form.Item name="name" label={t('wizard.entries.name')} rules={[{ required: true, whitespace: true, message: t('form.needed', { name: t('wizard.entries.name') }) }]}><Input maxLength={40} placeholder={t('wizard.entries.nameHint')} /></Form.Item>
      <Form.Item name="kind" label={t('wizard.entries.kind')}><Segmented options={(['qr', 'poster', 'link'] as const).map((value) => ({ value, label: t(`wizard.entries.kinds.${value}`) }))} /></Form.Item>
    </Ask>
  )
}

function EntryDrawer({ campaign, entry, close }: { campaign: Campaign; entry: Entry; close: () => void }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const lang = i18n.language === 'en' ? 'en' : 'zh'
  const poster = entryPicture(campaign.id, entry.id, 'poster.svg', lang)
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/e/${entry.code}`, window.location.origin).href)
    void message.success(t('action.copied'))
  }
  return (
    <Drawer open onClose={close} title={entry.name} size={480} mask={false}>
      <div className="stack">
        <img className="poster" src={poster} alt={t('life.poster', { name: entry.name })} />
        <div className="row wrap">
          <Button icon={<Icon name="copy" />} onClick={() => void copy()}>{t('campaign.link')}</Button>
          <Button href={entryPicture(campaign.id, entry.id, 'qr.svg')} download={`${entry.name}.svg`}>{t('life.qr')} SVG</Button>
          <Button href={entryPicture(campaign.id, entry.id, 'qr.png')} download={`${entry.name}.png`}>{t('life.qr')} PNG</Button>
          <Button href={entryPicture(campaign.id, entry.id, 'poster.pdf', lang)} download={`${entry.name}.pdf`}>{t('wizard.entries.kinds.poster')} PDF</Button>
          <Button href={entryPicture(campaign.id, entry.id, 'poster.png', lang)} download={`${entry.name}.png`}>{t('wizard.entries.kinds.poster')} PNG</Button>
        </div>
      </div>
    </Drawer>
  )
}

export function AmendmentsCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['campaign-amendments', campaign.id], queryFn: () => listAmendments(campaign.id), enabled: campaign.offer_id != null })
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card title={t('life.amendments')}>
      <ul className="lines tight s13">
        {items.map((amendment) => (
          <li key={amendment.id} className="between">
            <span>
              {[amendment.body.closes_at && t('life.toEnd', { time: formatInstant(amendment.body.closes_at) }), added(amendment.body) ? t('life.plusStock', { shown: formatCount(added(amendment.body)) }) : '', amendment.body.add_budget_fen ? t('life.plusBudget', { amount: formatMoney(amendment.body.add_budget_fen) }) : '', amendment.body.page_texts ? t('campaign.section.page') : ''].filter(Boolean).join(' · ')}
              <small className="second"> {amendment.reason}</small>
            </span>
            <span className="row">
              <span className="tag plain">{t(`life.states.${amendment.state}`)}</span>
              {amendment.change_id && <Link to={`/approvals/${amendment.change_id}`}>{t('campaign.seeChange')}</Link>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** Units more, of one benefit or of all those of a bundle. */
const added = (body: { add_stock?: number; add_stocks?: Record<string, number> }) => Object.values(body.add_stocks ?? {}).reduce((sum, units) => sum + units, body.add_stock ?? 0)
