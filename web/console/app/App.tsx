/** Providers around the router: colours, language, antd with the page's CSP nonce, queries. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as AntApp, ConfigProvider } from 'antd'
import english from 'antd/locale/en_US'
import chinese from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useMemo } from 'react'
import { huokeDark, huokeLight } from '@kit/theme'
import { useCalm } from './calm'
import { PreferencesProvider, usePreferences } from './preferences'
import { queries } from './queries'
import { makeRouter } from './router'

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce

export function App() {
  return (
    <PreferencesProvider>
      <Themed />
    </PreferencesProvider>
  )
}

function Themed() {
  const { colours, language } = usePreferences()
  const calm = useCalm()
  const theme = useMemo(() => {
    const chosen = colours === 'dark' ? huokeDark : huokeLight
    // What does not move ends no motion: antd would wait for that end before it closes a dialog or opens a list.
    return calm ? { ...chosen, token: { ...chosen.token, motion: false } } : chosen
  }, [colours, calm])
  const router = useMemo(() => makeRouter(), [])
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn')
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'en' ? english : chinese}
      button={{ autoInsertSpace: false }}
      drawer={{ mask: false }}
      csp={{ nonce }}
    >
      <AntApp component={false}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  )
}
