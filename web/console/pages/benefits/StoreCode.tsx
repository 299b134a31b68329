/** A store's code to be paid by: as it is printed, to save as a picture, or as a page for the counter. */
import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { storePicture } from '@api/places'
import './store-code.css'

export function StoreCode({ store, close }: { store: { id: string; name: string }; close: () => void }) {
  const { t, i18n } = useTranslation()
  const lang = i18n.language === 'en' ? 'en' : 'zh'
  return (
    <Drawer open onClose={close} title={t('storeCode.of', { name: store.name })} size={480}>
      <div className="stack">
        <p className="second s13">{t('storeCode.hint')}</p>
        <img className="store-code" src={storePicture(store.id, 'poster.svg', lang)} alt={t('storeCode.of', { name: store.name })} />
        <div className="row wrap">
          <Button type="primary" href={storePicture(store.id, 'poster.pdf', lang)} download={`${store.name}.pdf`}>{t('storeCode.print')}</Button>
          <Button href={storePicture(store.id, 'poster.png', lang)} download={`${store.name}.png`}>{t('storeCode.picture')}</Button>
          <Button href={storePicture(store.id, 'qr.svg')} download={`${store.name}.svg`}>{t('storeCode.code', { kind: 'SVG' })}</Button>
          <Button href={storePicture(store.id, 'qr.png')} download={`${store.name}.png`}>{t('storeCode.code', { kind: 'PNG' })}</Button>
        </div>
      </div>
    </Drawer>
  )
}
