/** What the pages of plays share: looks, and odds between parts of a million and percent. */
import type { PlayDraft } from '@api/plays'

export const BOARDS = ['wheel', 'grid', 'scratch', 'egg', 'box'] as const
export const DONE = ['checkin', 'mission', 'quiz', 'steps', 'cards', 'rain'] as const
export const KINDS = [...BOARDS, ...DONE] as const
export type Kind = NonNullable<PlayDraft['kind']>
export const PPM = 1_000_000

export const percentOf = (ppm: number): number => ppm / 10_000
export const ppmOf = (percent: number | null): number => Math.round((percent ?? 0) * 10_000)
export const oddsSum = (draft: PlayDraft): number => (draft.prizes ?? []).reduce((sum, one) => sum + (one.odds_ppm ?? 0), 0)
export const exactPercent = (ppm: number): string => `${percentOf(ppm).toFixed(4).replace(/\.?0+$/, '')}%`

export type Ways = NonNullable<PlayDraft['ways']>
export type Mission = NonNullable<Ways['missions']>[number]
export type Question = NonNullable<Ways['quiz']>['questions'][number]
export type Reward = Mission['goals'][number]['gives']
export type DoneKind = (typeof DONE)[number]

export const isDone = (kind: Kind): kind is DoneKind => (DONE as readonly Kind[]).includes(kind)

const one = (): Reward => ({ line: null, chances: 1, cards: 0 })
const none = (): Reward => ({ line: null, chances: 0, cards: 0 })

export function missionOf(kind: 'mission' | 'steps'): Mission {
  const told = { title: '', title_en: '', text: '', text_en: '', where: [], undone_by: null }
  return kind === 'steps'
    ? { ...told, title: '每日步数', title_en: 'Steps of a day', event: 'steps.recorded', measure: 'most', property: 'steps', span: 'day', goals: [{ target: 6000, gives: one() }] }
    : { ...told, event: 'app.login', measure: 'times', property: '', span: 'whole', goals: [{ target: 1, gives: one() }] }
}

export const emptyQuestion = (): Question => ({ zh: '', en: '', options: [], answer: 0, why: '', why_en: '' })

export const newCheckIn = (): NonNullable<Ways['checkin']> => ({ days: Array.from({ length: 7 }, one), milestones: [{ days: 7, gives: { ...one(), chances: 2 } }], cards_a_month: 1, back_days: 7 })
export const newQuiz = (): NonNullable<Ways['quiz']> => ({ questions: [], ask: 3, seconds: 120, needed: 3, gives: none() })
export const newRain = (): NonNullable<Ways['rain']> => ({ times: ['12:00', '20:00'], seconds: 60 })
export const newCards = (): NonNullable<Ways['cards']> => ({ lines: [], wild: null, gives: none(), sets: 1 })

export const newGiving = (): NonNullable<NonNullable<Ways['cards']>['giving']> => ({ gives_a_day: 3, takes_a_day: 3, takes: 10, hours: 24 })

/** The way a kind begins with; boards have none. */
export function wayOf(kind: Kind): Ways {
  switch (kind) {
    case 'checkin': return { checkin: newCheckIn() }
    case 'mission': return { missions: [missionOf('mission')] }
    case 'steps': return { missions: [missionOf('steps')] }
    case 'quiz': return { quiz: newQuiz() }
    case 'rain': return { rain: newRain() }
    case 'cards': return { cards: newCards() }
    default: return {}
  }
}

/** What odds must add up to: everything, or nothing where nobody ever draws. */
export function oddsDue(draft: PlayDraft): number {
  const ways = draft.ways ?? {}
  const given = [...(ways.checkin?.days ?? []), ...(ways.checkin?.milestones ?? []).map((item) => item.gives), ...(ways.missions ?? []).flatMap((item) => item.goals.map((goal) => goal.gives)), ways.quiz?.gives, ways.cards?.gives]
  const drawn = !isDone(draft.kind ?? 'wheel') || draft.kind === 'cards' || draft.kind === 'rain' || Boolean(draft.daily_chances || draft.welcome_chances || draft.lobby)
  return drawn || given.some((item) => item?.chances) ? PPM : 0
}
