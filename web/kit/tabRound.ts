/** Tab goes round in a dialog. Left to the browser it comes back by way of the page's first link, which is then what a
    closed dialog gives the focus back to. */
const STOPS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]'

const isStop = (one: HTMLElement) => one.tabIndex >= 0 && !one.matches(':disabled') && one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden'

/** What Tab reaches in a dialog, in order; of radios that go by one name only one is. */
function stopsOf(dialog: Element): HTMLElement[] {
  const found = [...dialog.querySelectorAll<HTMLElement>(STOPS)].filter(isStop)
  const chosen = new Set(found.filter((one) => one.matches('[type=radio]:checked')).map((one) => (one as HTMLInputElement).name))
  return found.filter((one) => !one.matches('[type=radio]:not(:checked)') || !chosen.has((one as HTMLInputElement).name))
}

export function tabRound(event: KeyboardEvent): void {
  if (event.key !== 'Tab' || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
  const here = document.activeElement
  const dialog = here?.closest('[role=dialog][aria-modal=true]')
  if (!dialog) return
  const stops = stopsOf(dialog)
  const [first, last] = [stops[0], stops.at(-1)]
  const leaves = event.shiftKey ? here === first || here === dialog : here === last
  const next = event.shiftKey ? last : first
  if (!leaves || !next) return
  event.preventDefault()
  next.focus()
}

document.addEventListener('keydown', tabRound)
