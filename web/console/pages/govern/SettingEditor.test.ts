import { describe, expect, it } from 'vitest'
import { blank, resolve, type Shape } from './SettingEditor'

const whole: Shape = {
  $ref: '#/$defs/Stages',
  $defs: {
    Stages: { type: 'object', properties: { default: { type: 'array', items: { $ref: '#/$defs/Stage' } } } },
    Stage: { type: 'object', properties: { name: { type: 'string' }, role: { $ref: '#/$defs/Role' }, hours: { type: 'integer', default: 24 } } },
    Role: { enum: ['approver', 'buyer'] },
  },
}

describe('a setting that is an object', () => {
  it('is found behind its reference', () => {
    expect(Object.keys(resolve(whole, whole).properties ?? {})).toEqual(['default'])
  })

  it('gives a new part the defaults of its schema', () => {
    expect(blank({ $ref: '#/$defs/Stage' }, whole)).toEqual({ name: '', role: 'approver', hours: 24 })
  })
})
