/** The camera as a scanner, where the browser itself can read QR codes; elsewhere a sentence says what to do. */
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { isCode } from './scans'

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector
  getSupportedFormats: () => Promise<string[]>
}

type Trouble = 'insecure' | 'noDetector' | 'noCamera' | 'denied'

const LOOK_MS = 200

async function openCamera(): Promise<{ stream: MediaStream; detector: Detector } | Trouble> {
  const kind = (window as { BarcodeDetector?: DetectorKind }).BarcodeDetector
  if (!window.isSecureContext) return 'insecure'
  if (!kind || !(await kind.getSupportedFormats()).includes('qr_code')) return 'noDetector'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    return { stream, detector: new kind({ formats: ['qr_code'] }) }
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
    const watch = async (detector: Detector) => {
      const shown = video.current
      if (over || !shown) return
      const codes = shown.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await detector.detect(shown).catch(() => []) : []
      const code = codes.map((each) => each.rawValue).find(isCode)
      if (over) return
      if (code) {
        navigator.vibrate?.(60)
        scan(code)
        close()
      } else timer = setTimeout(() => void watch(detector), LOOK_MS)
    }
    void openCamera().then((opened) => {
      if (typeof opened === 'string') return setTrouble(opened)
      stream = opened.stream
      if (over || !video.current) return stream.getTracks().forEach((track) => track.stop())
      video.current.srcObject = stream
      void video.current.play().catch(() => setTrouble('noCamera'))
      void watch(opened.detector)
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
