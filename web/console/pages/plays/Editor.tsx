/** A draft of a play in three views: what is played for, the page, its versions; one save, one submission. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changePlay, submitPlay, type Play } from '@api/plays'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Designer, designOf } from './Designer'
import { PhonePreview } from './PhonePreview'
import { PlayForm } from './PlayForm'
import { exactPercent, oddsDue, oddsSum } from './shapes'
import { unreadable } from './contrast'
import { useEditing } from './useEditing'
import { Versions } from './Versions'

const VIEWS = ['content', 'page', 'versions'] as const
export type View = (typeof VIEWS)[number]

/** A save begins it anew with what was saved; the view stays where it was. */
export function Editor({ play, view, setView }: { play: Play; view: View; setView: (view: View) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const cache = useQueryClient()
  const { message } = App.useApp()
  const edit = play.can.includes('change')
  const { draft, put, dirty, undo, redo } = useEditing(play.draft, edit)
  const [error, setError] = useState('')
  const fresh = () => cache.invalidateQueries({ queryKey: ['play', play.id] })
  const failed = (failure: unknown) => setError(say(problemOf(failure)))
  const save = useMutation({
    mutationFn: () => changePlay(play.id, { ...draft, expected_version: play.version } as Parameters<typeof changePlay>[1]),
    onSuccess: async () => { setError(''); await fresh(); void message.success(t('play.saved')) },
    onError: failed,
  })
  const send = useMutation({ mutationFn: () => submitPlay(play.id), onSuccess: fresh, onError: failed })
  const colours = designOf(draft).colours
  const pale = colours ? Object.keys(unreadable(colours)).length > 0 : false
  return (
    <div className="play-columns">
      <div>
        <div className="between play-views">
          <Segmented value={view} onChange={setView} options={VIEWS.map((value) => ({ value, label: t(`design.views.${value}`) }))} aria-label={t('design.view')} />
          <div className="row">
            <Button icon={<Icon name="undo" />} disabled={!undo} onClick={() => undo?.()}>{t('design.undo')}</Button>
            <Button disabled={!redo} onClick={() => redo?.()}>{t('design.redo')}</Button>
          </div>
        </div>
        <fieldset className="play-form" disabled={!edit}>
          {view === 'content' && <PlayForm play={play} draft={draft} put={put} dirty={dirty} />}
          {view === 'page' && <Designer draft={draft} put={put} />}
          {view === 'versions' && <Versions play={play} take={edit ? put : null} />}
        </fieldset>
        {error && <Note kind="danger">{error}</Note>}
        <div className="play-save">
          <span className={oddsSum(draft) === oddsDue(draft) ? 'second s13' : 'bad s13'}>{t('play.sum', { percent: exactPercent(oddsSum(draft)) })}</span>
          <Button disabled={!dirty || !edit || pale} title={pale ? t('design.paleHint') : undefined} loading={save.isPending} onClick={() => save.mutate()}>{t('play.save')}</Button>
          <Button type="primary" disabled={dirty || play.problems.length > 0 || !play.can.includes('submit')} loading={send.isPending} onClick={() => send.mutate()}>{t('play.submit')}</Button>
        </div>
      </div>
      <PhonePreview play={play} draft={draft} />
    </div>
  )
}
