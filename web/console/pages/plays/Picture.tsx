/** What stands at the head of a page: the season's drawing, or a picture of one's own. */
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { addPlayPicture } from '@api/plays'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { ApiError } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

const TYPES = ['image/png', 'image/jpeg', 'image/webp']
const BYTES_MAX = 5_000_000

export function Picture({ id, put }: { id: string | null; put: (id: string | null) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { session } = useSession()
  const file = useRef<HTMLInputElement>(null)
  const send = useMutation({
    mutationFn: async (chosen: File) => {
      if (!TYPES.includes(chosen.type)) throw new Error(t('design.pictureType'))
      if (chosen.size > BYTES_MAX) throw new Error(t('design.pictureSize'))
      return addPlayPicture(chosen)
    },
    onSuccess: put,
  })
  return (
    <div className="own-picture">
      {id && <img src={`/h5/${session.tenant.code}/play-pictures/${id.replaceAll('-', '')}.webp`} width={195} height={105} alt={t('design.picture')} />}
      <div>
        <input ref={file} type="file" hidden accept={TYPES.join(',')} aria-label={t('design.picture')} onChange={(event) => { const chosen = event.target.files?.[0]; event.target.value = ''; if (chosen) send.mutate(chosen) }} />
        <div className="row">
          <Button icon={<Icon name="upload" />} loading={send.isPending} onClick={() => file.current?.click()}>{t(id ? 'design.otherPicture' : 'design.addPicture')}</Button>
          {id && <Button type="text" onClick={() => put(null)}>{t('design.dropPicture')}</Button>}
        </div>
        <p className="second s12">{t('design.pictureHint')}</p>
      </div>
      {send.error && <Note kind="danger">{send.error instanceof ApiError ? say(send.error.problem) : send.error.message}</Note>}
    </div>
  )
}
