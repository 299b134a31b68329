/** A square window over a picture: how far it is zoomed and moved, and which pixels it keeps. */

/** What the server asks for: a picture that is not enlarged on a phone. */
export const SIDE_MIN = 192

export interface Size {
  width: number
  height: number
}

/** `zoom` 1 fits the picture's shorter side into the window; `x`, `y` are where its corner lies, in pixels of the window (≤ 0). */
export interface View {
  zoom: number
  x: number
  y: number
}

export interface Crop {
  left: number
  top: number
  side: number
}

const shorter = ({ width, height }: Size) => Math.min(width, height)
const between = (least: number, value: number, most: number) => Math.min(Math.max(value, least), most)

/** How many pixels of the window one of the picture takes. */
const scaleOf = (of: Size, stage: number, zoom: number) => (stage / shorter(of)) * zoom

/** How far one may zoom in before pixels are missing; at most five times. */
export const zoomMax = (of: Size) => between(1, shorter(of) / SIDE_MIN, 5)

const held = (of: Size, stage: number, { zoom, x, y }: View): View => {
  const scale = scaleOf(of, stage, zoom)
  return { zoom, x: between(stage - of.width * scale, x, 0), y: between(stage - of.height * scale, y, 0) }
}

/** The middle of the picture. */
export const fit = (of: Size, stage: number): View => {
  const scale = scaleOf(of, stage, 1)
  return { zoom: 1, x: (stage - of.width * scale) / 2, y: (stage - of.height * scale) / 2 }
}

export const moved = (of: Size, stage: number, view: View, x: number, y: number): View => held(of, stage, { ...view, x: view.x + x, y: view.y + y })

/** Nearer or farther, around the middle of the window. */
export const zoomed = (of: Size, stage: number, view: View, zoom: number): View => {
  const by = zoom / view.zoom
  const middle = stage / 2
  return held(of, stage, { zoom, x: middle - (middle - view.x) * by, y: middle - (middle - view.y) * by })
}

/** The square in whole pixels of the picture; never beyond its edge, never smaller than asked for. */
export const cropOf = (of: Size, stage: number, view: View): Crop => {
  const scale = scaleOf(of, stage, view.zoom)
  const side = between(Math.min(SIDE_MIN, shorter(of)), Math.round(stage / scale), shorter(of))
  return { left: between(0, Math.round(-view.x / scale), of.width - side), top: between(0, Math.round(-view.y / scale), of.height - side), side }
}
