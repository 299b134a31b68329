import { describe, expect, it } from 'vitest'
import { treeOf } from './categories'

describe('the tree of categories', () => {
  it('counts in every node what lies below it, and makes nodes that have no tags themselves', () => {
    const tree = treeOf([{ path: 'activity/app', tags: 3, stale: 1 }, { path: 'activity/quiet', tags: 2, stale: 0 }, { path: 'wealth', tags: 4, stale: 4 }])
    expect(tree).toEqual([
      { path: 'activity', tags: 5, stale: 1, children: [{ path: 'activity/app', tags: 3, stale: 1, children: [] }, { path: 'activity/quiet', tags: 2, stale: 0, children: [] }] },
      { path: 'wealth', tags: 4, stale: 4, children: [] },
    ])
  })
})
