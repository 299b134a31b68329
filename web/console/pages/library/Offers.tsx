/** The suppliers of one benefit: who is asked first, who next, and why one is passed over now. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createCampaign } from '@api/campaigns'
import { listOffers, orderListings, type Listing, type SupplierOffer } from '@api/library'
import { requestNo } from '@api/request'
import { useSession } from '@console/app/session'
import { useBilingual } from '@console/app/useWords'
import { blank } from '@console/pages/campaigns/blank'
import { formatMoney } from '@kit/format'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty, Loaded } from '@kit/states'

export function Offers({ row, close }: { row: Listing; close: () => void }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const skuId = row.sku_id ?? ''
  const query = useQuery({ queryKey: ['supplier-offers', skuId], queryFn: () => listOffers(skuId), enabled: skuId !== '' })
  return (
    <Drawer open title={say(row.name, row.name_en)} onClose={close} size="large" extra={<Begin row={row} />}>
      <p className="second">{t('offers.hint')}</p>
      <Loaded query={query} rows={3}>
        {(page) => (page.items.length ? <Ladder skuId={skuId} rows={page.items} /> : <Empty title={t('offers.none')}>{t('offers.noneHint')}</Empty>)}
      </Loaded>
    </Drawer>
  )
}

/** A campaign that gives this benefit, begun as a draft. */
function Begin({ row }: { row: Listing }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const tell = useProblemText()
  const { may } = useSession()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [no] = useState(requestNo)
  const begin = useMutation({
    mutationFn: () => createCampaign({ ...blank, name: say(row.name, row.name_en), sku_id: row.sku_id, request_no: no }),
    onSuccess: (id) => navigate({ to: `/campaigns/${id}/edit`, search: { step: 'goal' } as never }),
    onError: (error) => void message.error(tell(problemOf(error))),
  })
  return may('campaign.write') ? <Button loading={begin.isPending} onClick={() => begin.mutate()}>{t('offers.campaign')}</Button> : null
}

function Ladder({ skuId, rows }: { skuId: string; rows: SupplierOffer[] }) {
  const { t } = useTranslation()
  const say = useBilingual()
  const tell = useProblemText()
  const { may } = useSession()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const move = useMutation({
    mutationFn: (numbers: number[]) => orderListings(skuId, numbers),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['supplier-offers', skuId] }),
    onError: (error) => void message.error(tell(problemOf(error))),
  })
  const earlier = (place: number) => {
    const numbers = rows.map((one) => one.number)
    const [moved] = numbers.splice(place, 1)
    if (moved !== undefined) numbers.splice(place - 1, 0, moved)
    move.mutate(numbers)
  }
  return (
    <ol className="library-offers">
      {rows.map((one, place) => (
        <li key={one.number}>
          <b className="num">{place + 1}</b>
          <div className="grow">
            <b>{say(one.supplier, one.supplier_en)}</b> {one.published && <span className="tag">{t('offers.published')}</span>}
            <small className="mono">{one.code}</small>
          </div>
          <div className="library-offer-cost">
            <b className="num">{formatMoney(one.cost_fen)}</b>
            {one.latest_fen !== one.cost_fen && <small>{t('offers.latest', { cost: formatMoney(one.latest_fen) })}</small>}
          </div>
          <span className={`tag ${one.passed === 'ready' ? 'ok' : one.passed === 'too_dear' || one.passed === 'no_answer' ? 'bad' : 'warn'}`}>{t(`offers.passed.${one.passed}`)}</span>
          {may('benefit.write') && rows.length > 1 && <Button size="small" disabled={place === 0 || move.isPending} aria-label={t('offers.earlier')} title={t('offers.earlier')} onClick={() => earlier(place)}>↑</Button>}
        </li>
      ))}
    </ol>
  )
}
