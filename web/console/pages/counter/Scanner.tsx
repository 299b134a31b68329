/** The field that is always ready, the camera, and the verdict under them. */
import { App, Button, Switch } from 'antd'
import { useCallback, useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useBilingual } from '@console/app/useWords'
import { Icon } from '@kit/icons'
import { CameraScan } from './CameraScan'
import type { Scan } from './scans'
import { useScanner } from './useScanner'
import { useScans } from './useScans'
import { useSound } from './sound'
import { UndoDialog } from './UndoDialog'
import { Verdict } from './Verdict'

const FIELD = 'counter-code'
/** So long is a verdict seen before the next waiting code takes its place. */
const SEEN_MS = 2000

/** On a phone the keyboard would cover the page each time the field is given the focus. */
const hasKeyboard = () => window.matchMedia('(pointer: fine)').matches

export function Scanner({ storeId }: { storeId?: string }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const { message } = App.useApp()
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [camera, setCamera] = useState(false)
  const [undoing, setUndoing] = useState<Scan | null>(null)
  const { scans, scan, tell } = useScans(storeId)
  const { on, change, sound } = useSound()
  const { current, waiting } = scans
  const { no, phase, again } = current ?? {}

  const heard = useCallback(
    (code: string) => {
      scan(code)
      if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) void message.info(t('counter.heard'))
    },
    [scan, message, t],
  )
  useScanner(heard)
  const closeCamera = useCallback(() => setCamera(false), [])
  const next = useCallback(() => tell({ type: 'next' }), [tell])

  // A scanner types wherever the focus is: it comes back here after every step.
  useEffect(() => {
    if (!undoing && hasKeyboard()) field.current?.focus()
  }, [no, phase, undoing])
  useEffect(() => {
    if (phase === 'done' && !again) sound(true)
    if (phase === 'refused') sound(false)
  }, [no, phase, again, sound])
  const more = waiting.length > 0
  useEffect(() => {
    if (!more || undoing || (phase !== 'done' && phase !== 'refused')) return
    const timer = setTimeout(next, SEEN_MS)
    return () => clearTimeout(timer)
  }, [more, undoing, no, phase, next])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!typed.trim()) return
    setTyped('')
    scan(typed)
  }
  // Enter on the empty field redeems what is shown, so that two strokes do a whole redemption. A browser does not submit
  // a form whose button is disabled, so this stroke is heard on the field itself.
  const stroke = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || typed.trim() || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (phase === 'found') tell({ type: 'redeem' })
    else if (phase === 'done' || phase === 'refused') next()
  }
  return (
    <section className="card scanner" aria-label={t('counter.scan')}>
      <form onSubmit={submit}>
        <div className="between">
          <label htmlFor={FIELD}>{t('counter.code')}</label>
          <span className="row second s12"><Icon name={on ? 'sound' : 'mute'} />{t('counter.sound')}<Switch size="small" checked={on} onChange={change} aria-label={t('counter.sound')} /></span>
        </div>
        <div className="row">
          <input id={FIELD} ref={field} value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={stroke} autoComplete="off" spellCheck={false} inputMode="numeric" enterKeyHint="go" placeholder={t('counter.placeholder')} autoFocus={hasKeyboard()} />
          <Button htmlType="submit" size="large" disabled={!typed.trim()}>{t('counter.look')}</Button>
          <Button size="large" className="lens-open" icon={<Icon name="camera" />} aria-label={t('counter.camera.open')} title={t('counter.camera.open')} aria-pressed={camera} onClick={() => setCamera(!camera)}><span className="lens-word" aria-hidden>{t('counter.camera.word')}</span></Button>
        </div>
      </form>
      {camera && <CameraScan scan={scan} close={closeCamera} />}
      <div aria-live="assertive" className="outcome">
        <Verdict scan={current} redeem={() => tell({ type: 'redeem' })} next={next} undo={setUndoing} />
      </div>
      {more && (
        <div className="waiting" role="status">
          <span className="second s12">{t('counter.waiting', { count: waiting.length })}</span>
          {waiting.map((each) => <span key={each.no} className="tag draft mono">•••• {each.code.slice(-4)}</span>)}
        </div>
      )}
      {undoing?.redemptionId && (
        <UndoDialog id={undoing.redemptionId} title={say(undoing.meaning?.title, undoing.meaning?.title_en)} close={() => setUndoing(null)} undone={(redemptionId) => tell({ type: 'undone', redemptionId })} />
      )}
    </section>
  )
}
