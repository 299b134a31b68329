/** The steps of the wizard, and which one a field belongs to. */
export const steps = ['goal', 'audience', 'benefit', 'page', 'message', 'rollout', 'check'] as const
export type Step = (typeof steps)[number]

const homes: [RegExp, Step][] = [
  [/^\/(name|goal|mode|published|metric|metric_days)$/, 'goal'],
  [/^\/(segment_id|audience_id|condition_segment_id)$/, 'audience'],
  [/^\/(sku_id|bundle_id|lines|person_limit|stock|pool_id|valid_days|budget_id|budget_fen|shares)/, 'benefit'],
  [/^\/(page_texts|entry_points)/, 'page'],
  [/^\/(message|opens_at|closes_at)/, 'message'],
  [/^\/(control_percent|pilot|releases)/, 'rollout'],
]

export const stepOf = (pointer: string): Step => homes.find(([pattern]) => pattern.test(pointer))?.[1] ?? 'goal'

export const isStep = (value: string | undefined): value is Step => steps.includes(value as Step)

export const neighbour = (step: Step, by: -1 | 1): Step | undefined => steps[steps.indexOf(step) + by]
