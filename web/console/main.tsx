import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@kit/styleNonce'
import '@kit/tokens.css'
import '@kit/base.css'
import './shell/shell.css'
import { App } from './app/App'
import { startLanguages } from './i18n'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element')

await startLanguages(document.documentElement.lang === 'en' ? 'en' : 'zh-CN')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
