/** A write key, shown this once, with what a developer pastes to send the first event. */
import { App, Button, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MadeSource } from '@api/events'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { snippets } from './snippets'
import './events.css'

const LANGUAGES = ['curl', 'python', 'node', 'browser'] as const

export function KeyDialog({ made, name, rotated, close }: { made: MadeSource; name: string; rotated: boolean; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>('curl')
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      void message.success(t('action.copied'))
    } catch {
      void message.info(t('events.source.copyByHand'))
    }
  }
  const text = snippets(window.location.origin, made.write_key)[language]
  return (
    <Modal open title={t(rotated ? 'events.source.newKey' : 'events.source.keyOf', { name })} onCancel={close} width={640} footer={<Button type="primary" onClick={close}>{t('events.source.kept')}</Button>} mask={{ closable: false }}>
      <div className="stack tight">
        <Note kind="warning" icon="key">{t('events.source.once')}</Note>
        <div className="event-key">
          <code>{made.write_key}</code>
          <Button size="small" icon={<Icon name="copy" />} onClick={() => void copy(made.write_key)}>{t('action.copy')}</Button>
        </div>
        <p className="second s13" style={{ marginTop: 8 }}>{t('events.source.snippetHint')}</p>
        <Segmented value={language} onChange={setLanguage} options={LANGUAGES.map((value) => ({ value, label: t(`events.source.languages.${value}`) }))} aria-label={t('events.source.snippet')} />
        <div className="snippet">
          <Button size="small" type="text" icon={<Icon name="copy" />} onClick={() => void copy(text)}>{t('action.copy')}</Button>
          <pre tabIndex={0} aria-label={t('events.source.snippet')}>{text}</pre>
        </div>
        {language === 'browser' && <Note kind="warning">{t('events.source.browserHint')}</Note>}
      </div>
    </Modal>
  )
}
