/** From audience to redemption: one block a step, as high as its share of the largest; the share of the step before between. */
import { useTranslation } from 'react-i18next'
import { formatCount, formatShare } from './format'
import { Count } from './Headline'

export interface FunnelStep {
  label: string
  count: number
  unit: string
  hint?: string
}

const HEIGHT = 88
const LEAST = 3
const fills = ['var(--h2)', 'var(--h3)', 'var(--h4)', 'var(--h5)']

export function Funnel({ steps }: { steps: FunnelStep[] }) {
  const { t } = useTranslation()
  const most = Math.max(1, ...steps.map((step) => step.count))
  const heights = steps.map((step) => Math.max(step.count > 0 ? LEAST : 1, (step.count / most) * HEIGHT))
  const [block, gap] = [130, 37]
  const width = steps.length * block + (steps.length - 1) * gap
  const said = steps.map((step) => `${step.label} ${formatCount(step.count)}`).join(', ')
  return (
    <figure className="funnel">
      <svg viewBox={`0 0 ${width} ${HEIGHT + 2}`} preserveAspectRatio="none" role="img" aria-label={t('funnel.said', { said })}>
        {heights.slice(1).map((height, index) => {
          const [from, to] = [index * block + index * gap + block, (index + 1) * (block + gap)]
          const before = heights[index] ?? 0
          return (
            <path
              key={from}
              d={`M${from} ${HEIGHT - before}L${to} ${HEIGHT - height}V${HEIGHT}H${from}Z`}
              fill="var(--h1)"
              style={{ transition: 'd .3s' }}
            />
          )
        })}
        {heights.map((height, index) => (
          <rect key={index} x={index * (block + gap)} y={HEIGHT - height} width={block} height={height} rx="3" fill={fills[Math.min(index + 4 - steps.length, 3)] ?? 'var(--h5)'} />
        ))}
        <path d={`M0 ${HEIGHT + 0.5}H${width}`} stroke="var(--line)" />
      </svg>
      <ol>
        {steps.map((step, index) => (
          <li key={step.label}>
            {index > 0 && <b className="rate">{between(steps[index - 1], step)}</b>}
            <span className="second s12">{step.label}</span>
            <span className="figure second-size">
              <Count value={step.count} />
              <u>{step.unit}</u>
            </span>
            {step.hint && <span className="second s12">{step.hint}</span>}
          </li>
        ))}
      </ol>
    </figure>
  )
}

/** A share; where each counts in another unit and several of these come to one of those, how many. */
function between(before: FunnelStep | undefined, step: FunnelStep): string {
  const several = before && before.unit !== step.unit && before.count > 0 && step.count > before.count
  return several ? `× ${(step.count / before.count).toFixed(1)}` : formatShare(step.count, before?.count)
}
