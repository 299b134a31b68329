/** Dialogs, drawers and menus stand beside the page: when one goes, the keyboard is back where it was. */
import { useEffect } from 'react'

/** Frames in which a menu that is left has gone. */
const FRAMES = 30

/** Menus are hidden, not taken away, and nothing tells of the focus that goes with them. */
const leavesMenu = ({ key, target }: KeyboardEvent) => (key === 'Escape' || key === 'Enter' || key === ' ') && target instanceof Element && target.closest('[role=menu]') !== null

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
    const back = (frames: number) => {
      if (document.activeElement === document.body && last?.isConnected) last.focus({ preventScroll: true })
      else if (frames > 0) requestAnimationFrame(() => back(frames - 1))
    }
    const left = (event: KeyboardEvent) => {
      if (leavesMenu(event)) requestAnimationFrame(() => back(FRAMES))
    }
    document.addEventListener('focusin', remember)
    document.addEventListener('keydown', left, true)
    gone.observe(document.body, { childList: true })
    return () => {
      document.removeEventListener('focusin', remember)
      document.removeEventListener('keydown', left, true)
      gone.disconnect()
    }
  }, [])
}
