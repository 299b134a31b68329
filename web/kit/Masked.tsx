/** A personal value, masked; with the right to, one field is shown for 60 seconds against a reason that is audited. */
import { Button, Form, Input, Modal, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'
import { Note } from './layout'
import { problemOf } from './problem'
import { useProblemText } from './problemText'

interface MaskedProps {
  label: string
  value: string | null | undefined
  /** Reads the plain value; absent where the reader may not. */
  reveal?: (reason: string) => Promise<{ value: string; seconds?: number }>
  /** Shows the second factor again, for a server that asks for a fresh one. */
  prove?: (code: string) => Promise<unknown>
  /** The reason that stands already: it is not asked again. */
  given?: string
}

const reasons = ['callback', 'verify', 'complaint', 'correct', 'other'] as const

export function Masked({ label, value, reveal, prove, given }: MaskedProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const [plain, setPlain] = useState<{ value: string; until: number } | null>(null)
  const left = useCountdown(plain?.until ?? null, () => setPlain(null))
  if (!value) return <span className="muted">—</span>
  return (
    <span className="row" style={{ gap: 6, display: 'inline-flex' }}>
      <span className={plain ? 'strong' : 'nowrap'} data-revealed={plain ? '' : undefined}>
        {plain?.value ?? value}
      </span>
      {plain && <span className="s12 warn">{t('masked.left', { seconds: left })}</span>}
      {reveal && !plain && (
        <button type="button" className="muted" aria-label={t('masked.open', { label })} title={t('masked.open', { label })} onClick={() => setAsking(true)}>
          <Icon name="eye" />
        </button>
      )}
      {reveal && asking && (
        <RevealDialog
          label={label}
          masked={value}
          reveal={reveal}
          prove={prove}
          given={given}
          close={() => setAsking(false)}
          shown={(text, seconds) => setPlain({ value: text, until: Date.now() + seconds * 1000 })}
        />
      )}
    </span>
  )
}

interface RevealDialogProps extends Required<Pick<MaskedProps, 'label' | 'reveal'>>, Pick<MaskedProps, 'prove' | 'given'> {
  masked: string
  close: () => void
  shown: (value: string, seconds: number) => void
}

interface RevealValues {
  why: string
  more?: string
  code?: string
}

function RevealDialog({ label, masked, reveal, prove, given, close, shown }: RevealDialogProps) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [form] = Form.useForm<RevealValues>()
  const why = Form.useWatch('why', form)
  const [proving, setProving] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const show = async (values: RevealValues) => {
    setBusy(true)
    setError(null)
    try {
      if (proving && prove) await prove(values.code ?? '')
      const reason = given ?? [t(`masked.reasons.${values.why}`), values.more?.trim()].filter(Boolean).join(': ')
      const answer = await reveal(reason)
      shown(answer.value, answer.seconds ?? 60)
      close()
    } catch (failure) {
      const problem = problemOf(failure)
      if (problem.code === 'privacy.proof_needed' && prove) setProving(true)
      else setError(say(problem))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('masked.title', { label })} onCancel={close} width={420} footer={null}>
      <p className="muted s12" style={{ marginBottom: 12 }}>{masked}</p>
      <Form form={form} layout="vertical" requiredMark onFinish={(values) => void show(values)}>
        {!given && (
          <Form.Item name="why" label={t('masked.reason')} rules={[{ required: true, message: t('masked.reasonNeeded') }]}>
            <Select options={reasons.map((reason) => ({ value: reason, label: t(`masked.reasons.${reason}`) }))} placeholder={t('form.choose')} autoFocus />
          </Form.Item>
        )}
        {why === 'other' && (
          <Form.Item name="more" label={t('masked.more')} rules={[{ required: true, min: 4, message: t('masked.moreNeeded') }]}>
            <Input maxLength={200} />
          </Form.Item>
        )}
        {proving && (
          <Form.Item name="code" label={t('signIn.code')} extra={t('masked.proof')} rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.codeNeeded') }]}>
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus />
          </Form.Item>
        )}
        <div style={{ marginBottom: 16 }}>{error ? <Note kind="danger">{error}</Note> : <Note icon="eye">{t('masked.note')}</Note>}</div>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>{t('masked.show')}</Button>
        </div>
      </Form>
    </Modal>
  )
}

/** Whole seconds left until `until`; calls `over` once when they have passed. */
function useCountdown(until: number | null, over: () => void): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (until === null) return
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) over()
    }, 250)
    return () => clearInterval(timer)
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [until])
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000))
}
