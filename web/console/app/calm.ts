/** Whether whoever looks asked their system for less motion; follows a change while the page is open. */
import { useSyncExternalStore } from 'react'

const asked = window.matchMedia('(prefers-reduced-motion: reduce)')

function listen(told: () => void) {
  asked.addEventListener('change', told)
  return () => {
    asked.removeEventListener('change', told)
  }
}

export const useCalm = () => useSyncExternalStore(listen, () => asked.matches)
