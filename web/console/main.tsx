import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@kit/styleNonce'
import '@kit/tokens.css'
import '@kit/base.css'
import '@kit/tabRound'
import './shell/shell.css'
import { App } from './app/App'
import { startLanguages } from './i18n'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element')

/** After a new version is installed, a page still open asks for files that are gone: it is loaded anew, once. */
const RELOADED = 'huoke.reloaded'
const ONCE_MS = 10_000
window.addEventListener('vite:preloadError', (event) => {
  if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem(RELOADED)) < ONCE_MS) return
  event.preventDefault()
  sessionStorage.setItem(RELOADED, String(Date.now()))
  window.location.reload()
})

await startLanguages(document.documentElement.lang === 'en' ? 'en' : 'zh-CN')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
