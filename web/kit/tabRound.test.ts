import { beforeEach, expect, test, vi } from 'vitest'
import { tabRound } from './tabRound'

const press = (shiftKey = false) => {
  const event = new KeyboardEvent('keydown', { key: 'Tab', shiftKey, cancelable: true })
  tabRound(event)
  return event.defaultPrevented
}
const focus = (id: string) => document.getElementById(id)?.focus()
const at = () => document.activeElement?.id

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList)
  document.body.innerHTML = `
    <a href="#main" id="skip">skip</a>
    <div role="dialog" aria-modal="true">
      <button id="close">x</button>
      <input type="radio" name="kind" id="one" checked><input type="radio" name="kind" id="two">
      <button id="ok">ok</button><button id="never" disabled>never</button><button style="visibility: hidden">unseen</button>
    </div>`
})

test('Tab on the last stop of a dialog goes to its first, and back', () => {
  focus('ok')
  expect(press()).toBe(true)
  expect(at()).toBe('close')
  expect(press(true)).toBe(true)
  expect(at()).toBe('ok')
})

test('Tab between the stops, and outside of dialogs, is the browser\'s', () => {
  for (const id of ['close', 'one', 'skip']) {
    focus(id)
    expect(press()).toBe(false)
    expect(at()).toBe(id)
  }
})

test('of radios that go by one name the chosen one is the stop', () => {
  document.getElementById('ok')?.remove()
  focus('one')
  expect(press()).toBe(true)
  expect(at()).toBe('close')
})
