/** A state of a type, a rule or a day as a word with its shape. */
import type { Tone } from '@kit/StatusTag'

export const PointsTag = ({ tone, children }: { tone: Tone; children: string }) => <span className={`tag ${tone}`}>{children}</span>
