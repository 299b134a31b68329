/** The counter, and a store's: scan, see who and what, redeem; beside it the day with undo within ten minutes. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CounterStore } from '@api/counter'
import { useSession } from '@console/app/session'
import { StoreCode } from '@console/pages/benefits/StoreCode'
import { Icon } from '@kit/icons'
import { Note, PageHead } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import { DayList } from './DayList'
import { usePlace } from './place'
import { Scanner } from './Scanner'
import './counter.css'

export default function CounterPage() {
  const { t } = useTranslation()
  const { query, stores, store, choose } = usePlace()
  const [showing, setShowing] = useState(false)
  const isClerk = query.data?.is_clerk ?? false
  const several = stores.length > 1
  return (
    <>
      <PageHead
        title={t(isClerk ? 'counter.storeTitle' : 'menu.counter')}
        meta={isClerk ? store && <span><em>{store.merchant_name}</em>{store.street}</span> : <span>{t('counter.hint')}</span>}
        actions={isClerk && store && (
          <>
            {store.status === 'active' && <Button icon={<Icon name="counter" />} onClick={() => setShowing(true)}>{t('storeCode.show')}</Button>}
            {several && <Button icon={<Icon name="store" />} onClick={() => choose(null)}>{store.name}<span className="second s12"> · {t('counter.change')}</span></Button>}
          </>
        )}
      />
      <Away />
      <Loaded query={query} rows={6}>
        {() => {
          if (isClerk && stores.length === 0) return <div className="card"><Empty sign="lock" title={t('counter.noStore')}>{t('counter.noStoreHint')}</Empty></div>
          if (isClerk && !store) return <ChooseStore stores={stores} choose={choose} />
          if (store && store.status !== 'active') return <div className="card"><Empty sign="lock" title={t('counter.closed', { name: store.name })}>{t('counter.closedHint')}</Empty></div>
          return <Desk key={store?.id} isClerk={isClerk} storeId={store?.id} />
        }}
      </Loaded>
      {showing && store && <StoreCode store={store} close={() => setShowing(false)} />}
    </>
  )
}

function Desk({ isClerk, storeId }: { isClerk: boolean; storeId?: string }) {
  const { may } = useSession()
  return (
    <div className="counter">
      <Scanner storeId={storeId} />
      {may('redemption.read') && <DayList isClerk={isClerk} storeId={storeId} />}
    </div>
  )
}

/** Without a network nothing is lost and nothing is done twice; the page says so. */
function Away() {
  const { t } = useTranslation()
  const [away, setAway] = useState(!navigator.onLine)
  useEffect(() => {
    const look = () => setAway(!navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return away ? <div style={{ marginBottom: 16 }}><Note kind="warning"><b>{t('counter.offline')}</b> {t('counter.offlineHint')}</Note></div> : null
}

function ChooseStore({ stores, choose }: { stores: CounterStore[]; choose: (id: string) => void }) {
  const { t } = useTranslation()
  return (
    <section className="card choose-store" aria-labelledby="choose-store">
      <h2 id="choose-store">{t('counter.whichStore')}</h2>
      <p className="second">{t('counter.whichStoreHint')}</p>
      <ul>
        {stores.map((store) => (
          <li key={store.id}>
            <button type="button" disabled={store.status !== 'active'} onClick={() => choose(store.id)}>
              <span className="seal" aria-hidden><Icon name="store" /></span>
              <span className="grow"><b>{store.name}</b><small>{store.street}{store.hours && ` · ${store.hours}`}{store.status !== 'active' && ` · ${t('status.merchant.retired')}`}</small></span>
              <Icon name="right" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
