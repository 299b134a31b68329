/** The bands of a flow picture: as high as they are large, apart at the outer end, side by side at the middle. */

export interface Band { top: number; height: number }
export interface Laid { outer: Band; inner: Band }

/** Room for two lines of words beside each band. */
const ROW = 34
const INSET = 6

/** Where each move lies, in the order given; `most` is as high as the middle. */
export function laidOut(sizes: readonly number[], most: number, height: number): Laid[] {
  const room = height - 2 * INSET
  const scale = most > 0 ? room / most : 0
  const heights = sizes.map((size) => Math.max(size * scale, 1))
  const all = heights.reduce((sum, one) => sum + one, 0)
  const rows = heights.map((one) => Math.max(one, ROW))
  const taken = rows.reduce((sum, one) => sum + one, 0)
  const shrink = Math.min(1, height / taken)
  let inner = INSET + (room - all) / 2
  let outer = Math.max(0, (height - taken) / 2)
  return heights.map((own, place) => {
    const row = (rows[place] ?? own) * shrink
    const drawn = Math.min(own, Math.max(row - 8, 2))
    const laid = { outer: { top: outer + (row - drawn) / 2, height: drawn }, inner: { top: inner, height: own } }
    inner += own
    outer += row
    return laid
  })
}
