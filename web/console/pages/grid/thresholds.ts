/** From which number on a band of an axis begins, where its rule is one lower edge; the bands above take the rest. */

interface Node {
  kind: string
  op?: string
  value?: unknown
  of?: Node[]
}

interface Named {
  name: string
  expression: unknown
}

/** The lower edge of a rule: the one number that each of its parts asks for; null where there is none, or several. */
export function edgeOf(expression: unknown): number | null {
  const node = expression as Node
  if (node.kind === 'any' && node.of?.length) {
    const edges = node.of.map(edgeOf)
    return edges.every((edge) => edge === edges[0]) ? (edges[0] ?? null) : null
  }
  if (node.kind !== 'attr' || node.op !== '>=') return null
  const edge = Number(node.value)
  return Number.isFinite(edge) ? edge : null
}

export interface Range {
  from: number | null
  below: number | null
}

/** What each band holds, by its name: bands are asked in order, so that one ends where those before it begin. */
export function rangesOf(bands: Named[]): Map<string, Range> {
  const found = new Map<string, Range>()
  let below: number | null = null
  for (const [place, band] of bands.entries()) {
    const from = edgeOf(band.expression)
    const last = place === bands.length - 1
    if (from === null && !(last && below !== null)) return new Map()
    if (from !== null && below !== null && from >= below) return new Map()
    found.set(band.name, { from, below })
    below = from
  }
  return found
}

const LARGE = 10_000
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** A range as a heading says it: "50–600 万", "500K–6M", "< 5 万". */
export function rangeText({ from, below }: Range, language: string): string {
  const chinese = language.startsWith('zh')
  const tens = chinese && [from, below].every((edge) => edge === null || edge >= LARGE)
  const word = tens ? ' 万' : ''
  const say = (edge: number) => (tens ? plain.format(edge / LARGE) : chinese ? plain.format(edge) : compact.format(edge))
  if (from === null) return below === null ? '' : `< ${say(below)}${word}`
  return below === null ? `≥ ${say(from)}${word}` : `${say(from)}–${say(below)}${word}`
}
