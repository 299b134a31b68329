/** The first hour of a bank: ten steps to a first result, each read off the bank, each with where to go. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Home } from '@api/campaigns'
import { dismissGuide } from '@api/views'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

type Step = NonNullable<Home['guide']>[number]

export function Guide({ steps }: { steps: Step[] }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { may } = useSession()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const dismiss = useMutation({
    mutationFn: dismissGuide,
    onSuccess: () => void message.info(t('home.guide.dismissed')),
    onError: (error) => void message.error(say(problemOf(error))),
    onSettled: () => cache.invalidateQueries({ queryKey: ['home'] }),
  })
  const done = steps.filter((step) => step.done).length
  const next = steps.find((step) => !step.done)
  return (
    <section className="guide" aria-label={t('home.guide.title')}>
      <Card
        title={t('home.guide.title')}
        hint={t('home.guide.hint')}
        right={<><b>{t('home.guide.progress', { done, total: steps.length })}</b>{may('campaign.write') && <Button size="small" type="text" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>{t('home.guide.dismiss')}</Button>}</>}
      >
        <ol>
          {steps.map((step, place) => (
            <li key={step.key} data-state={step.done ? 'done' : step === next ? 'next' : 'open'}>
              <span className="sign">{step.done ? <Icon name="check" label={t('home.guide.isDone')} /> : <><span aria-hidden>{place + 1}</span><span className="visually-hidden">{t('home.guide.isOpen')}</span></>}</span>
              <div className="grow">
                <b>{t(`home.guide.steps.${step.key}.title`)}</b>
                <p>{t(`home.guide.steps.${step.key}.says`)}</p>
                {!step.done && (step.yours ? <Link to={step.path}>{t('home.guide.next')} ›</Link> : <span className="muted s12">{t(`home.guide.by.${step.key}`)}</span>)}
              </div>
            </li>
          ))}
        </ol>
      </Card>
    </section>
  )
}
