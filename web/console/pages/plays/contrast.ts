/** How well people can read two colours on each other (WCAG 2.1), as the server checks it at save. */
import type { Colours } from '@api/plays'

export const INK = '#14212B'
export const COLOURS = ['brand', 'brand_2', 'on_brand', 'brand_tint', 'brand_line', 'play_a', 'play_b', 'play_c', 'foam'] as const
export type Colour = (typeof COLOURS)[number]

const channel = (hex: string, at: number): number => {
  const value = parseInt(hex.slice(at, at + 2), 16) / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}
const luminance = (hex: string): number => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5)

export function contrast(first: string, second: string): number {
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** The colours nobody could read, each with what it has and what it needs. */
export function unreadable(colours: Colours): Partial<Record<Colour, { has: number; needs: number }>> {
  const pairs: [Colour, string, string, number][] = [
    ['brand', colours.brand, '#FFFFFF', 4.5],
    ['brand_tint', colours.brand, colours.brand_tint, 4.5],
    ['on_brand', colours.on_brand, colours.brand, 4.5],
    ['brand_2', colours.on_brand, colours.brand_2, 4.5],
    ['play_a', INK, colours.play_a, 7],
    ['play_b', INK, colours.play_b, 7],
    ['play_c', INK, colours.play_c, 7],
  ]
  const found: Partial<Record<Colour, { has: number; needs: number }>> = {}
  for (const [name, first, second, needs] of pairs) {
    const has = contrast(first, second)
    if (has < needs) found[name] = { has, needs }
  }
  return found
}

const mix = (colour: string, other: string, share: number): string =>
  `#${[1, 3, 5].map((at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * (1 - share) + parseInt(other.slice(at, at + 2), 16) * share).toString(16).padStart(2, '0').toUpperCase()).join('')}`

/** A brand colour with what follows from it: darker for the top, lighter for fills and hairlines. */
export const derived = (brand: string): Pick<Colours, 'brand' | 'brand_2' | 'brand_tint' | 'brand_line'> => ({
  brand: brand.toUpperCase(), brand_2: mix(brand, '#000000', 0.26), brand_tint: mix(brand, '#FFFFFF', 0.91), brand_line: mix(brand, '#FFFFFF', 0.76),
})
