/** Customer numbers out of what was pasted, or out of a file of a bank's own. */

const bare = (cell: string) => cell.trim().replace(/^"(.*)"$/, '$1').trim()

/** Customer numbers, whatever stands between them. */
export const listed = (text: string) => text.split(/[\s,;，；、]+/).map(bare).filter(Boolean)

const HEAD = /^(客户号|客户编号|customer[ _]?(no|number|id))$/i

/** Numbers of a file: of the column under such a head where it has one, else all that stand in it. */
export function listedIn(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line.trim() !== '')
  const cells = (line: string) => line.split(/[,;\t]/).map(bare)
  const column = cells(lines[0] ?? '').findIndex((cell) => HEAD.test(cell))
  return column < 0 ? listed(text.replace(/^\uFEFF/, '')) : lines.slice(1).map((line) => cells(line)[column] ?? '').filter(Boolean)
}

/** The text of a file in UTF-8, or in GB 18030 as spreadsheets in China write it. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
