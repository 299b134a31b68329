/** Reading QR codes in a camera's picture: by the browser where it can, else by a decoder that is fetched only then. */

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>
}
interface DetectorKind {
  new (options: { formats: string[] }): Detector
  getSupportedFormats: () => Promise<string[]>
}

/** The texts of the codes that are in the picture now. */
export type QrReader = (video: HTMLVideoElement) => Promise<string[]>

/** A code held before a camera is large: more pixels only cost time. */
const SIDE_MAX = 720

export async function openReader(): Promise<QrReader> {
  const kind = (window as { BarcodeDetector?: DetectorKind }).BarcodeDetector
  const formats = (await kind?.getSupportedFormats().catch(() => [])) ?? []
  if (!kind || !formats.includes('qr_code')) return decoder()
  const own = new kind({ formats: ['qr_code'] })
  return async (video) => (await own.detect(video).catch(() => [])).map((found) => found.rawValue)
}

async function decoder(): Promise<QrReader> {
  const { decodeQR } = await import('qr/decode.js')
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  return (video) => {
    const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight))
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)]
    if (!pen || !width || !height) return Promise.resolve([])
    pen.canvas.width = width
    pen.canvas.height = height
    pen.drawImage(video, 0, 0, width, height)
    try {
      return Promise.resolve([decodeQR(pen.getImageData(0, 0, width, height))])
    } catch {
      return Promise.resolve([]) // a picture without a code is no trouble
    }
  }
}
