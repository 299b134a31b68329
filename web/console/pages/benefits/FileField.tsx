/** A file as a form's value. */
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'

export function FileField({ accept, value, onChange, id }: { accept: string; value?: File; onChange?: (file: File | undefined) => void; id?: string }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <span className="row">
      <input ref={input} id={id} type="file" accept={accept} hidden onChange={(event) => onChange?.(event.target.files?.[0])} />
      <Button icon={<Icon name="upload" />} onClick={() => input.current?.click()}>{t('codes.choose')}</Button>
      <span className="s12">{value?.name}</span>
    </span>
  )
}
