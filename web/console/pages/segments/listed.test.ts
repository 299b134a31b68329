import { describe, expect, it } from 'vitest'
import { listed, listedIn, textOf } from './listed'

describe('customer numbers of a list', () => {
  it('stand between lines, blanks and commas of any kind', () => {
    expect(listed(' 1001，1002;1003\n\n"1004"、1005 ')).toEqual(['1001', '1002', '1003', '1004', '1005'])
  })

  it('are taken from the column under their head and from no other', () => {
    expect(listedIn('\uFEFF姓名,客户号,手机\r\n王一,1001,13800000000\r\n李二,"1002",\r\n\r\n')).toEqual(['1001', '1002'])
    expect(listedIn('customer_no\tname\n1001\tA')).toEqual(['1001'])
  })

  it('are all that stands in a file without a head', () => {
    expect(listedIn('1001\n1002, 1003')).toEqual(['1001', '1002', '1003'])
    expect(listedIn('')).toEqual([])
  })

  it('are read in GB 18030 where a file is no UTF-8', async () => {
    const gbk = new Uint8Array([0xbf, 0xcd, 0xbb, 0xa7, 0xba, 0xc5, 0x0a, 0x31, 0x30, 0x30, 0x31])
    expect(listedIn(await textOf(new Blob([gbk])))).toEqual(['1001'])
    expect(listedIn(await textOf(new Blob(['客户号\n1002'])))).toEqual(['1002'])
  })
})
