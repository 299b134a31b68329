/** Both languages say the same things: a key that one lacks is a hole on somebody's page. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en'
import zh from './zh-CN'

type Words = { [key: string]: string | Words }

/** Plural forms differ by language: `count_one` and `count_other` are one thing to say. */
const plain = (key: string) => key.replace(/_(one|other|zero|two|few|many)$/, '')

function leaves(words: Words, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[plain(prefix + key), value]] : leaves(value, `${prefix}${key}.`),
  )
}

const keys = (words: Words) => [...new Set(leaves(words).map(([key]) => key))].sort()
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]).filter((slot) => slot !== 'count').sort()

/** Keys written out in the source: t('a.b'). Those put together at run time are not seen here. */
function usedKeys(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'i18n' ? [] : usedKeys(path)
    if (!/\.tsx?$/.test(entry.name) || entry.name.includes('.test.')) return []
    return [...readFileSync(path, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1] as string)
  })
}

describe('words', () => {
  it('have the same keys in Chinese and English', () => {
    expect(keys(en)).toEqual(keys(zh))
  })

  it('fill the same slots in both', () => {
    const chinese = new Map(leaves(zh))
    for (const [key, text] of leaves(en)) expect([key, slots(text)]).toEqual([key, slots(chinese.get(key) ?? '')])
  })

  it('leave no English key in Chinese characters', () => {
    for (const [key, text] of leaves(en)) expect([key, /[\u4e00-\u9fff]/.test(text)]).toEqual([key, false])
  })

  it('exist for every key the pages name', () => {
    const known = new Set(keys(zh))
    const missing = [...usedKeys('console'), ...usedKeys('kit')].filter((key) => !known.has(key))
    expect(missing).toEqual([])
  })
})
