import { describe, expect, it } from 'vitest'
import { smsParts } from './sms'

describe('a short message', () => {
  it('takes one part up to 70 characters and 67 each beyond', () => {
    expect([0, 1, 70, 71, 134, 135].map((length) => smsParts('字'.repeat(length)))).toEqual([0, 1, 1, 2, 2, 3])
  })
})
