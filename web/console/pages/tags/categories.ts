/** Categories are paths of plain words; the library's own have names, a bank's others are read as they are written. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { TagCategory } from '@api/tags'

export interface CategoryNode {
  path: string
  tags: number
  stale: number
  children: CategoryNode[]
}

/** The name of a category's last step, or with `whole` of every step. */
export function useCategoryName(): (path: string, whole?: boolean) => string {
  const { t } = useTranslation()
  return useCallback(
    (path, whole = true) => {
      const steps = path.split('/')
      const names = steps.map((step, place) => t(`tag.categories.${steps.slice(0, place + 1).join('_')}`, { defaultValue: step }))
      return whole ? names.join(' / ') : (names.at(-1) ?? path)
    },
    [t],
  )
}

/** The tree above the categories that have tags: a node counts its own and all below. */
export function treeOf(categories: TagCategory[]): CategoryNode[] {
  const roots: CategoryNode[] = []
  for (const category of categories) {
    let level = roots
    let path = ''
    for (const step of category.path.split('/')) {
      path = path ? `${path}/${step}` : step
      let node = level.find((each) => each.path === path)
      if (!node) {
        node = { path, tags: 0, stale: 0, children: [] }
        level.push(node)
      }
      node.tags += category.tags
      node.stale += category.stale
      level = node.children
    }
  }
  return roots
}

/** A tree read from the top, every node before those below it. */
export const flatOf = (nodes: CategoryNode[]): CategoryNode[] => nodes.flatMap((node) => [node, ...flatOf(node.children)])
