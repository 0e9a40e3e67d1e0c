import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allocationOf, networkOf, siteOf, sourceOf } from '../../src/http/source.ts'

const peer = '192.0.2.1'
const source = (hops: number, ...forwardedFor: readonly string[]) =>
  sourceOf({ peer, forwardedFor }, hops)

describe('the source of a request', () => {
  it('is its peer where there is no proxy, whatever it says of itself', () => {
    assert.equal(source(0), peer)
    assert.equal(source(0, '203.0.113.9'), peer)
    assert.equal(source(0, '203.0.113.9, 203.0.113.8'), peer)
  })

  it('is what the outermost proxy saw', () => {
    assert.equal(source(1, '203.0.113.9'), '203.0.113.9')
    assert.equal(source(2, '203.0.113.9, 198.51.100.7'), '203.0.113.9')
    assert.equal(source(2, '203.0.113.9', '198.51.100.7'), '203.0.113.9')
  })

  it('is not what the client wrote before that', () => {
    assert.equal(source(1, '10.0.0.1, 203.0.113.9'), '203.0.113.9')
    assert.equal(source(1, '10.0.0.1', '203.0.113.9'), '203.0.113.9')
    assert.equal(source(2, 'x,y,203.0.113.9 ,198.51.100.7'), '203.0.113.9')
  })

  it('is its peer where it did not come through all the proxies', () => {
    assert.equal(source(1), peer)
    assert.equal(source(2, '203.0.113.9'), peer)
  })

  it('is its peer where a proxy wrote no address', () => {
    for (const text of ['', 'unknown', 'localhost', '203.0.113.9:80', '_hidden', '203.0.113'])
      assert.equal(source(1, text), peer, text)
  })

  it('is one for an IPv4 address however it is written', () => {
    assert.equal(sourceOf({ peer: '::ffff:192.0.2.1', forwardedFor: [] }, 0), '192.0.2.1')
    assert.equal(source(1, '::FFFF:192.0.2.7'), '192.0.2.7')
    assert.equal(source(1, '2001:DB8::1'), '2001:db8::1')
  })

  it('is unknown where the connection has gone', () => {
    assert.equal(sourceOf({ peer: undefined, forwardedFor: [] }, 0), 'unknown')
  })
})

describe('the network of a source', () => {
  it('is the address itself where that is of IPv4, or unknown', () => {
    assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
    assert.equal(networkOf('unknown'), 'unknown')
  })

  it('is the first half of an IPv6 address, however that is written', () => {
    const spellings = [
      ['2001:db8:0:7:a:b:c:d', '2001:db8:0:7::/64'],
      ['2001:0DB8:0000:0007::1', '2001:db8:0:7::/64'],
      ['2001:db8:0:7::', '2001:db8:0:7::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['2001:db8::7:a:b:c:d', '2001:db8:0:7::/64'],
      ['::1', '0:0:0:0::/64'],
      ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ] as const

    for (const [address, network] of spellings) assert.equal(networkOf(address), network, address)
  })
})

describe('the site of a source', () => {
  it('is the address itself where that is of IPv4, or unknown', () => {
    assert.equal(siteOf('192.0.2.1'), '192.0.2.1')
    assert.equal(siteOf('unknown'), 'unknown')
  })

  it('is the first 48 bits of an IPv6 address, however that is written', () => {
    assert.equal(siteOf('2001:db8:1:7:a:b:c:d'), '2001:db8:1::/48')
    assert.equal(siteOf('2001:0DB8:0001::1'), '2001:db8:1::/48')
    assert.equal(siteOf('2001:db8::1'), '2001:db8:0::/48')
  })
})

describe('the allocation of a source', () => {
  it('is the address itself where that is of IPv4, or unknown', () => {
    assert.equal(allocationOf('192.0.2.1'), '192.0.2.1')
    assert.equal(allocationOf('unknown'), 'unknown')
  })

  it('is the first 32 bits of an IPv6 address, however that is written', () => {
    assert.equal(allocationOf('2001:db8:1:7:a:b:c:d'), '2001:db8::/32')
    assert.equal(allocationOf('2001:0DB8::1'), '2001:db8::/32')
    assert.equal(allocationOf('::1'), '0:0::/32')
  })
})
