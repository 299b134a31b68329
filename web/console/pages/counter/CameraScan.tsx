/** The camera as a scanner; where there is none, a sentence says what to do instead. */
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { openReader, type QrReader } from './qrReader'
import { isCode } from './scans'

type Trouble = 'insecure' | 'noReader' | 'noCamera' | 'denied'

const LOOK_MS = 200

async function openCamera(): Promise<MediaStream | Trouble> {
  if (!window.isSecureContext) return 'insecure'
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'noCamera'
  }
}

export function CameraScan({ scan, close }: { scan: (code: string) => void; close: () => void }) {
  const { t } = useTranslation()
  const video = useRef<HTMLVideoElement>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  useEffect(() => {
    let over = false
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const watch = async (read: QrReader) => {
      const shown = video.current
      if (over || !shown) return
      const code = shown.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? (await read(shown)).find(isCode) : undefined
      if (over) return
      if (code) {
        navigator.vibrate?.(60)
        scan(code)
        close()
      } else timer = setTimeout(() => void watch(read), LOOK_MS)
    }
    void openCamera().then((opened) => {
      if (typeof opened === 'string') return setTrouble(opened)
      stream = opened
      if (over || !video.current) return stream.getTracks().forEach((track) => track.stop())
      video.current.srcObject = stream
      void video.current.play().catch(() => setTrouble('noCamera'))
      void openReader().then(watch, () => setTrouble('noReader'))
    })
    return () => {
      over = true
      clearTimeout(timer)
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [scan, close])
  return (
    <div className="camera">
      {trouble ? <Note kind="warning">{t(`counter.camera.${trouble}`)}</Note> : <div className="lens"><video ref={video} muted playsInline aria-label={t('counter.camera.lens')} /></div>}
      <Button icon={<Icon name="close" />} onClick={close}>{t('counter.camera.close')}</Button>
    </div>
  )
}
