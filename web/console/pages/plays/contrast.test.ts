import { expect, test } from 'vitest'
import type { Colours } from '@api/plays'
import { contrast, derived, unreadable } from './contrast'

const sea: Colours = { on_brand: '#FFFFFF', play_a: '#F6C863', play_b: '#BFE0EC', play_c: '#F8D2C2', foam: '#FFFFFF', ...derived('#12589B') }

test('black on white is 21 to 1', () => expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21))
test('the usual theme can be read', () => expect(unreadable(sea)).toEqual({}))
test('a pale brand and a dark fill are named', () => expect(Object.keys(unreadable({ ...sea, ...derived('#9CC7EE'), play_b: '#777777' })).sort()).toEqual(['brand', 'brand_2', 'brand_tint', 'on_brand', 'play_b'].sort()))
test('what follows from a brand colour is what the server derives', () => expect(derived('#12589b')).toEqual({ brand: '#12589B', brand_2: '#0D4173', brand_tint: '#EAF0F6', brand_line: '#C6D7E7' }))
