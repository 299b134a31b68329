/** The phone page of a draft as it stands in the editor: drawn by the server, under a token for a quarter of an hour. */
import { useQuery } from '@tanstack/react-query'
import { Button, QRCode, Segmented, Popover } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { previewPlay, type Play, type PlayDraft } from '@api/plays'
import { useSession } from '@console/app/session'
import { formatClock } from '@kit/format'
import { Card, Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

const PAUSE_MS = 600

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

export function PhonePreview({ play, draft }: { play: Play; draft: PlayDraft }) {
  const { t, i18n } = useTranslation()
  const say = useProblemText()
  const { session } = useSession()
  const [language, setLanguage] = useState<'zh' | 'en'>(i18n.language.startsWith('en') ? 'en' : 'zh')
  const [token, setToken] = useState('')
  const settled = useSettled(draft)
  const shown = useQuery({
    queryKey: ['play-preview', play.id, settled],
    queryFn: async () => {
      const found = await previewPlay(play.id, { draft: settled === play.draft ? null : settled, token } as Parameters<typeof previewPlay>[1])
      setToken(found.token)
      return found
    },
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  const path = shown.data && `/h5/${session.tenant.code}/play-preview/${shown.data.token}?lang=${language}`
  const address = path && `${path}&v=${shown.dataUpdatedAt}`
  return (
    <aside className="play-phone">
      <Card title={t('play.phone')} right={<Segmented size="small" value={language} onChange={setLanguage} options={[{ value: 'zh', label: '中' }, { value: 'en', label: 'EN' }]} aria-label={t('play.phone')} />}>
        <figure className="phone-figure"><div className="phone-shell"><div className="phone-screen">{address && <Frames address={address} title={t('play.phone')} />}</div></div></figure>
        {shown.error ? <Note kind="danger">{say(problemOf(shown.error))}</Note> : shown.data && path && (
          <p className="s12 center second">
            {t('design.previewUntil', { time: formatClock(shown.data.expires_at) })}{' '}
            <Popover trigger="click" content={<QRCode type="svg" bordered={false} size={168} value={`${location.origin}${path}`} />}><Button type="link" size="small">{t('design.ownPhone')}</Button></Popover>
          </p>
        )}
      </Card>
    </aside>
  )
}

/** The page now shown stays until the next one has come. */
function Frames({ address, title }: { address: string; title: string }) {
  const [shown, setShown] = useState(address)
  const pages = shown === address ? [address] : [shown, address]
  return pages.map((source) => <iframe key={source} src={source} title={title} tabIndex={-1} data-waiting={source === address && shown !== address ? '' : undefined} onLoad={() => source === address && setShown(address)} />)
}
