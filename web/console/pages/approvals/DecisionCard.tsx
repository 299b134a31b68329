/** The decision: approving opens once every field is ticked; returning and rejecting need a word to the maker. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decideApproval, type Change, type Decision } from '@api/approvals'
import type { DiffField } from '@kit/DiffView'
import { ShareBar } from '@kit/Burn'
import { Card, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

export function DecisionCard({ change, ticked, fields }: { change: Change; ticked: ReadonlySet<string>; fields: DiffField[] }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const [comment, setComment] = useState('')
  const [error, setError] = useState<string | null>(null)
  const decide = useMutation({
    mutationFn: (verdict: Decision['verdict']) => decideApproval(change.id, { verdict, comment: comment.trim(), diff_hash: change.diff_hash }),
    onMutate: () => setError(null),
    onSuccess: (_, verdict) => void message.success(t(`approval.done.${verdict}`)),
    onError: (failure) => setError(say(problemOf(failure))),
    onSettled: () => cache.invalidateQueries(),
  })
  const left = fields.filter((field) => !ticked.has(field.path))
  const fails = change.checks.filter((check) => check.verdict === 'fail').length
  const wordless = comment.trim().length < 2
  const goTo = (path: string) => document.getElementById(`field-${path}`)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  return (
    <Card title={t('approval.decision')} accent>
      <div className="stack tight">
        <div className="row">
          <span className="grow"><ShareBar part={fields.length - left.length} whole={fields.length} label={t('diff.checked')} /></span>
          <b className="s12">{t('approval.ticked', { done: fields.length - left.length, total: fields.length })}</b>
        </div>
        <Input.TextArea rows={3} value={comment} onChange={(event) => setComment(event.target.value)} maxLength={500} placeholder={t('approval.comment')} aria-label={t('approval.comment')} />
        <Button type="primary" block disabled={left.length > 0 || fails > 0} loading={decide.isPending && decide.variables === 'approve'} onClick={() => decide.mutate('approve')}>
          {t('approval.verdicts.approve')}
        </Button>
        {fails > 0 ? (
          <span className="s12 bad">{t('approval.cannotFail', { count: fails })}</span>
        ) : (
          left[0] && (
            <span className="s12 second">
              {t('approval.left', { count: left.length })}{' '}
              <button type="button" style={{ color: 'var(--primary)' }} onClick={() => goTo(left[0]?.path ?? '')}>{left[0].label} ›</button>
            </span>
          )
        )}
        <div className="row">
          <Button block disabled={wordless} title={wordless ? t('approval.wordNeeded') : undefined} loading={decide.isPending && decide.variables === 'return'} onClick={() => decide.mutate('return')}>{t('approval.verdicts.return')}</Button>
          <Button block danger disabled={wordless} title={wordless ? t('approval.wordNeeded') : undefined} loading={decide.isPending && decide.variables === 'reject'} onClick={() => decide.mutate('reject')}>{t('approval.verdicts.reject')}</Button>
        </div>
        {wordless && <span className="s12 muted">{t('approval.wordNeeded')}</span>}
        {error && <Note kind="danger">{error}</Note>}
      </div>
    </Card>
  )
}
