/** Dialogs, drawers and menus stand beside the page: when one goes, the keyboard is back where it was. */
import { useEffect } from 'react'

export function useFocusReturn(): void {
  useEffect(() => {
    const page = document.getElementById('root')
    let last: HTMLElement | null = null
    let beside = false
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return
      beside = !page?.contains(target)
      if (!beside) last = target
    }
    const gone = new MutationObserver((changes) => {
      const lost = beside && document.activeElement === document.body && changes.some((change) => change.removedNodes.length > 0)
      if (lost && last?.isConnected) last.focus({ preventScroll: true })
    })
    document.addEventListener('focusin', remember)
    gone.observe(document.body, { childList: true })
    return () => {
      document.removeEventListener('focusin', remember)
      gone.disconnect()
    }
  }, [])
}
