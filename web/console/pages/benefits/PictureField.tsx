/** A benefit's picture as a form's value: chosen, cut to the square that phones show, replaced, removed. */
import { Button, Modal, Slider } from 'antd'
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addPicture } from '@api/places'
import { useSession } from '@console/app/session'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { cropOf, fit, moved, SIDE_MIN, zoomed, zoomMax, type View } from './crop'
import './picture.css'

const BYTES_MAX = 5_000_000
const STAGE = 288
const STEP = 8
const arrows: Record<string, readonly [number, number]> = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }

/** Where a picture lies, in the width of a list or of a form. */
export function usePictureAddress() {
  const { session } = useSession()
  return (id: string, width: 192 | 384 = 192) => `/h5/${session.tenant.code}/pictures/${id.replaceAll('-', '')}-${width}.webp`
}

/** What stands before a benefit's name: its picture, or its brand's first character. */
export function SkuFace({ picture, initial }: { picture?: string | null; initial: string }) {
  const address = usePictureAddress()
  if (!picture) return <span className="seal" aria-hidden>{initial}</span>
  return <img className="seal" src={address(picture)} width={32} height={32} alt="" loading="lazy" />
}

interface Chosen {
  file: File
  bitmap: ImageBitmap
}

export function PictureField({ value, onChange, id }: { value?: string | null; onChange?: (picture: string | null) => void; id?: string }) {
  const { t } = useTranslation()
  const address = usePictureAddress()
  const input = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const look = async (file: File) => {
    if (file.size > BYTES_MAX) return setProblem(t('picture.tooLarge'))
    const bitmap = await createImageBitmap(file).catch(() => null)
    if (!bitmap) return setProblem(t('picture.unreadable'))
    if (Math.min(bitmap.width, bitmap.height) < SIDE_MIN) return setProblem(t('picture.tooSmall', { count: SIDE_MIN }))
    setProblem(null)
    setChosen({ file, bitmap })
  }
  return (
    <div className="picture-field">
      {value ? <img src={address(value)} width={92} height={92} alt={t('picture.current')} /> : <span className="picture-none" aria-hidden><Icon name="benefit" /></span>}
      <div>
        <div className="row wrap">
          <input
            ref={input} id={id} type="file" accept="image/png,image/jpeg,image/webp" hidden
            onChange={(event) => {
              const file = event.target.files?.[0]
              event.target.value = ''
              if (file) void look(file)
            }}
          />
          <Button icon={<Icon name="upload" />} onClick={() => input.current?.click()}>{t(value ? 'picture.replace' : 'picture.choose')}</Button>
          {value && <Button onClick={() => onChange?.(null)}>{t('picture.remove')}</Button>}
        </div>
        <p className="s12 muted">{t('picture.hint')}</p>
        {problem && <p className="s12 bad" role="alert">{problem}</p>}
      </div>
      {chosen && <CropDialog {...chosen} close={() => setChosen(null)} done={(picture) => onChange?.(picture)} />}
    </div>
  )
}

function CropDialog({ file, bitmap, close, done }: Chosen & { close: () => void; done: (picture: string) => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const [view, setView] = useState<View>(() => fit(bitmap, STAGE))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const keep = async () => {
    setBusy(true)
    setError(null)
    try {
      done(await addPicture(file, cropOf(bitmap, STAGE, view)))
      close()
    } catch (failure) {
      setError(say(problemOf(failure)))
      setBusy(false)
    }
  }
  return (
    <Modal open title={t('picture.crop')} width={520} onCancel={close} onOk={() => void keep()} okText={t('picture.use')} cancelText={t('action.cancel')} confirmLoading={busy} destroyOnHidden>
      <div className="picture-crop">
        <Stage bitmap={bitmap} view={view} setView={setView} />
        <div>
          <p className="s12 muted">{t('picture.onPhone')}</p>
          <div className="picture-ticket"><Sight bitmap={bitmap} view={view} side={92} /><span><i /><i /><i /></span></div>
          <p className="s12 muted">{t('picture.cropHint')}</p>
        </div>
        <label className="picture-zoom">
          <span className="s12">{t('picture.zoom')}</span>
          <Slider min={1} max={zoomMax(bitmap)} step={0.01} value={view.zoom} tooltip={{ open: false }} ariaLabelForHandle={t('picture.zoom')} onChange={(zoom) => setView((now) => zoomed(bitmap, STAGE, now, zoom))} />
        </label>
      </div>
      {error && <Note kind="danger">{error}</Note>}
    </Modal>
  )
}

/** The picture under a square window: dragged with a finger or mouse, moved with the arrow keys. */
function Stage({ bitmap, view, setView }: { bitmap: ImageBitmap; view: View; setView: (change: (now: View) => View) => void }) {
  const { t } = useTranslation()
  const held = useRef<readonly [number, number] | null>(null)
  const drag = (event: PointerEvent) => {
    const from = held.current
    if (!from) return
    const to = [event.clientX, event.clientY] as const
    held.current = to
    setView((now) => moved(bitmap, STAGE, now, to[0] - from[0], to[1] - from[1]))
  }
  const press = (event: KeyboardEvent) => {
    const by = arrows[event.key]
    if (!by) return
    event.preventDefault()
    setView((now) => moved(bitmap, STAGE, now, ...by))
  }
  return (
    <div
      className="picture-stage" role="application" tabIndex={0} aria-label={t('picture.stage')} onKeyDown={press} onPointerMove={drag}
      onPointerDown={(event) => {
        held.current = [event.clientX, event.clientY]
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerUp={() => (held.current = null)} onPointerCancel={() => (held.current = null)}
    >
      <Sight bitmap={bitmap} view={view} side={STAGE} />
    </div>
  )
}

/** What the window shows, drawn `side` pixels wide. */
function Sight({ bitmap, view, side }: { bitmap: ImageBitmap; view: View; side: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const sharp = side * 2
  useEffect(() => {
    const pen = canvas.current?.getContext('2d')
    const crop = cropOf(bitmap, STAGE, view)
    if (!pen) return
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, sharp, sharp)
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(bitmap, crop.left, crop.top, crop.side, crop.side, 0, 0, sharp, sharp)
  }, [bitmap, view, sharp])
  return <canvas ref={canvas} width={sharp} height={sharp} style={{ width: side, height: side }} aria-hidden />
}
