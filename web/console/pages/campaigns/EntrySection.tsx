/** Ways in: each has a code, a name and figures of its own. They get their addresses when the campaign is approved. */
import { Button, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import { Section, useFieldProblem, type SectionProps } from './FormParts'

const kinds = ['qr', 'poster', 'link'] as const

export function EntrySection({ draft, change, problems }: SectionProps) {
  const { t } = useTranslation()
  const say = useFieldProblem()
  const entries = draft.entry_points ?? []
  const put = (index: number, part: Partial<(typeof entries)[number]>) => change({ entry_points: entries.map((entry, at) => (at === index ? { ...entry, ...part } : entry)) })
  return (
    <Section id="entries" title={t('wizard.entries.title')} hint={t('wizard.entries.hint')}>
      {entries.length > 0 && (
        <ul className="entry-list">
          {entries.map((entry, index) => {
            const problem = problems.get(`/entry_points/${index}/name`)
            return (
              <li key={index}>
                <Input aria-label={t('wizard.entries.name')} placeholder={t('wizard.entries.nameHint')} status={problem ? 'error' : undefined} value={entry.name} maxLength={40} onChange={(event) => put(index, { name: event.target.value })} />
                <Segmented aria-label={t('wizard.entries.kind')} value={entry.kind ?? 'qr'} options={kinds.map((value) => ({ value, label: t(`wizard.entries.kinds.${value}`) }))} onChange={(kind) => put(index, { kind })} />
                <button type="button" className="muted" aria-label={t('action.remove')} onClick={() => change({ entry_points: entries.filter((_, at) => at !== index) })}><Icon name="close" /></button>
                {problem && <span className="field-hint bad">{say(problem)}</span>}
              </li>
            )
          })}
        </ul>
      )}
      <div className="row wrap">
        <Button icon={<Icon name="plus" />} onClick={() => change({ entry_points: [...entries, { name: '', kind: 'qr' }] })}>{t('wizard.entries.add')}</Button>
        <span className="s12 muted">{t('wizard.entries.always')}</span>
      </div>
    </Section>
  )
}
