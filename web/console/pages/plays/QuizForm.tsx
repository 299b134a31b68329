/** A quiz: the pool of questions, how many are asked within which time, how many right ones are rewarded. */
import { Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { Numbered, RewardFields, Rows, type WayProps } from './WayForm'
import { emptyQuestion, newQuiz, type Question } from './shapes'

export function QuizForm({ draft, put, ways, set }: WayProps) {
  const { t } = useTranslation()
  const quiz = ways.quiz ?? newQuiz()
  const change = (changes: Partial<typeof quiz>) => set({ quiz: { ...quiz, ...changes } })
  return (
    <>
      <div className="way-reward">
        <Numbered label={t('way.ask')} max={10} value={quiz.ask ?? 3} set={(ask) => change({ ask })} />
        <Numbered label={t('way.seconds')} min={10} max={1800} value={quiz.seconds ?? 120} set={(seconds) => change({ seconds })} />
        <Numbered label={t('way.neededRight')} max={10} value={quiz.needed ?? 3} set={(needed) => change({ needed })} />
      </div>
      <h3 className="way-head">{t('way.quizReward')}</h3>
      <RewardFields draft={draft} put={put} label={t('way.quizReward')} reward={quiz.gives} set={(gives) => change({ gives })} />
      <h3 className="way-head">{t('way.questions', { count: quiz.questions.length })}</h3>
      <Rows
        items={quiz.questions} set={(questions) => change({ questions })} make={emptyQuestion} add={t('way.addQuestion')} drop={t('way.dropQuestion')} max={200}
        row={(one, place, put_) => <QuestionForm one={one} name={t('way.question', { number: place + 1 })} change={put_} />}
      />
    </>
  )
}

function QuestionForm({ one, name, change }: { one: Question; name: string; change: (changes: Partial<Question>) => void }) {
  const { t } = useTranslation()
  const text = (key: 'zh' | 'en' | 'why' | 'why_en', max: number) => <Input aria-label={`${name} ${t(`way.fields.${key}`)}`} placeholder={t(`way.fields.${key}`)} maxLength={max} value={one[key]} onChange={(event) => change({ [key]: event.target.value })} />
  return (
    <div className="way-mission">
      <div className="play-fields">{text('zh', 200)}{text('en', 200)}</div>
      <Radio.Group className="way-options" aria-label={`${name} ${t('way.rightOne')}`} value={one.answer} onChange={(event) => change({ answer: event.target.value as number })}>
        {[0, 1, 2, 3].map((place) => {
          const option = one.options[place]
          const put = (changes: { zh?: string; en?: string }) => change({ options: [...one.options.slice(0, place), { zh: '', en: '', ...option, ...changes }, ...one.options.slice(place + 1)].filter((item) => item.zh || item.en) })
          return (
            <div key={place}>
              <Radio value={place} disabled={!option} aria-label={`${name} ${t('way.rightOne')} ${place + 1}`} />
              <Input aria-label={`${name} ${t('way.option')} ${place + 1}`} placeholder={`${t('way.option')} ${place + 1}`} disabled={place > one.options.length} maxLength={60} value={option?.zh ?? ''} onChange={(event) => put({ zh: event.target.value })} />
              <Input aria-label={`${name} ${t('way.optionEn')} ${place + 1}`} placeholder={t('way.optionEn')} disabled={place > one.options.length} maxLength={60} value={option?.en ?? ''} onChange={(event) => put({ en: event.target.value })} />
            </div>
          )
        })}
      </Radio.Group>
      <div className="play-fields">{text('why', 300)}{text('why_en', 300)}</div>
    </div>
  )
}
