/** Every saved version of a tag, each beside the one before it. */
import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Definition, TagPage } from '@api/tags'
import { DiffView, type DiffField } from '@kit/DiffView'
import { formatInstant } from '@kit/format'
import { Card } from '@kit/layout'
import { useShownField } from './shownField'

type Version = TagPage['versions'][number]
const tones: Record<Version['state'], string> = { draft: 'draft', pending: 'info', approved: 'ok' }

export function VersionsCard({ page }: { page: TagPage }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<number | null>(null)
  const at = page.versions.findIndex((version) => version.version === shown)
  const after = page.versions[at]
  return (
    <Card title={t('builder.history')} hint={t('tag.versionsHint')}>
      <ul className="lines tight">
        {page.versions.map((version, place) => (
          <li key={version.version} className="between s13">
            <span className="row wrap"><b>v{version.version}</b><span className={`tag ${tones[version.state]}`}>{t(`tag.versionStates.${version.state}`)}</span>{version.version === page.tag.version && <span className="tag run">{t('tag.counts')}</span>}<span className="second">{version.saved_by} · {formatInstant(version.saved_at)}</span></span>
            <span className="row">
              {version.change_id && <Link className="nowrap" to={`/approvals/${version.change_id}`}>{t('tag.code.toApproval')}</Link>}
              {place < page.versions.length - 1 && <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setShown(version.version)}>{t('tag.compare')}</Button>}
            </span>
          </li>
        ))}
      </ul>
      {after && <Comparison before={page.versions[at + 1]?.definition} after={after.definition} title={`v${after.version - 1} → v${after.version}`} close={() => setShown(null)} />}
    </Card>
  )
}

function Comparison({ before, after, title, close }: { before: Definition | undefined; after: Definition; title: string; close: () => void }) {
  const { t } = useTranslation()
  const show = useShownField()
  const names = Object.keys(after) as (keyof Definition)[]
  const fields: DiffField[] = names
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ path: name, label: t(`tag.fields.${name}`), group: t('menu.tags'), before: before && show(before, name), after: show(after, name) }))
  return <Drawer open title={title} onClose={close} size={720}><DiffView fields={fields} /></Drawer>
}
