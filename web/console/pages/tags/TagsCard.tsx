/** The tags of one customer: the dozen that say most; all of them in a drawer, each with since when and why. */
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listCustomerTags, type Held } from '@api/tags'
import { useBilingual } from '@console/app/useWords'
import { formatDay, formatPpm } from '@kit/format'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { useCategoryName } from './categories'
import { mostTelling } from './telling'
import './tags.css'
import { TagWhy } from './TagWhy'

export function TagsCard({ seq, className }: { seq: number; className?: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | true | null>(null)
  const query = useQuery({ queryKey: ['customer', String(seq), 'tags'], queryFn: () => listCustomerTags(seq) })
  const tags = query.data?.items ?? []
  const telling = mostTelling(tags)
  return (
    <Card className={className} title={t('tag.ofCustomer')} hint={t('tag.ofCustomerHint')} right={tags.length > 0 && <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(true)}>{t('tag.all', { count: tags.filter((each) => each.value).length })}</Button>}>
      <Loaded query={query} rows={3}>
        {() =>
          telling.length === 0 ? (
            <p className="muted s13">{t('tag.noneOfCustomer')}</p>
          ) : (
            <ul className="tag-chips">{telling.map((held) => <li key={held.name}><Chip held={held} open={() => setOpen(held.name)} /></li>)}</ul>
          )
        }
      </Loaded>
      {open !== null && <AllTags seq={seq} tags={tags} first={open === true ? null : open} close={() => setOpen(null)} />}
    </Card>
  )
}

/** A tag as one reads it: of a yes-or-no only its name. */
export function useHeldText(): (held: Held) => string {
  const say = useBilingual()
  const { t } = useTranslation()
  return (held) => {
    const label = say(held.label, held.label_en)
    return held.value === 'yes' ? label : t('tag.withValue', { label, value: say(held.value_label, held.value_label_en) || held.value })
  }
}

function Chip({ held, open }: { held: Held; open: () => void }) {
  const { t } = useTranslation()
  const text = useHeldText()
  return (
    <button type="button" className="tag-chip" onClick={open}>
      {text(held)}
      {held.share != null && <small>{t('tag.ofBank', { share: formatPpm(held.share * 1e6) })}</small>}
    </button>
  )
}

function AllTags({ seq, tags, first, close }: { seq: number; tags: Held[]; first: string | null; close: () => void }) {
  const { t } = useTranslation()
  const nameOf = useCategoryName()
  const text = useHeldText()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState(first)
  const wanted = words.trim().toLowerCase()
  const held = tags.filter((each) => each.value && `${text(each)} ${each.name} ${nameOf(each.category)}`.toLowerCase().includes(wanted))
  const groups = [...new Set(held.map((each) => each.category))].sort()
  return (
    <Drawer open title={t('tag.ofCustomer')} onClose={close} size={560}>
      <div className="stack">
        {asked ? (
          <>
            <div><Button size="small" onClick={() => setAsked(null)}>‹ {t('tag.backToAll')}</Button></div>
            <TagWhy seq={seq} name={asked} />
          </>
        ) : (
          <>
            <Input allowClear value={words} placeholder={t('tag.search')} aria-label={t('tag.search')} onChange={(event) => setWords(event.target.value)} />
            {held.length === 0 && <p className="muted s13">{t('table.noMatch')}</p>}
            {groups.map((category) => (
              <section key={category}>
                <h3 className="s12 second">{nameOf(category)}</h3>
                <ul className="lines tight">
                  {held.filter((each) => each.category === category).map((each) => (
                    <li key={each.name} className="between s13">
                      <span>{text(each)}{each.since && <small className="muted"> {t(each.at_least ? 'tag.sinceAtLeast' : 'tag.since', { day: formatDay(each.since) })}</small>}</span>
                      <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setAsked(each.name)}>{t('segment.why')}</Button>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </>
        )}
      </div>
    </Drawer>
  )
}
