import { describe, expect, it } from 'vitest'
import { flatOf, treeOf } from './categories'

describe('the tree of categories', () => {
  it('counts in every node what lies below it, and makes nodes that have no tags themselves', () => {
    const tree = treeOf([{ path: 'activity/app', tags: 3, stale: 1 }, { path: 'activity/quiet', tags: 2, stale: 0 }, { path: 'wealth', tags: 4, stale: 4 }])
    expect(tree).toEqual([
      { path: 'activity', tags: 5, stale: 1, children: [{ path: 'activity/app', tags: 3, stale: 1, children: [] }, { path: 'activity/quiet', tags: 2, stale: 0, children: [] }] },
      { path: 'wealth', tags: 4, stale: 4, children: [] },
    ])
  })

  it('is read from the top however deep it is', () => {
    const tree = treeOf([{ path: 'a/b/c/d/e/f', tags: 1, stale: 0 }, { path: 'a/z', tags: 2, stale: 0 }])
    expect(flatOf(tree).map(({ path, tags }) => [path, tags])).toEqual([
      ['a', 3], ['a/b', 1], ['a/b/c', 1], ['a/b/c/d', 1], ['a/b/c/d/e', 1], ['a/b/c/d/e/f', 1], ['a/z', 2],
    ])
  })
})
