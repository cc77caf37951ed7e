// The envelope of stored bytes: it opens exactly when it is whole.

import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FRAME_BYTES, open, seal } from '../../runtime/stores/frame.js'

const payload = Buffer.from('the payload of the test')
const sealed = seal(payload)

test('what was sealed opens, empty payloads too', () => {
  for (const bytes of [payload, Buffer.alloc(0), randomBytes(100_000)]) {
    assert.is(seal(bytes).length, bytes.length + FRAME_BYTES)
    assert.ok(Buffer.compare(open(seal(bytes))!, bytes) === 0)
  }
})

test('it opens from a view at any place of a buffer', () => {
  const large = Buffer.concat([Buffer.alloc(7), sealed, Buffer.alloc(9)])
  const view = new Uint8Array(large.buffer, large.byteOffset + 7, sealed.length)
  assert.ok(Buffer.compare(open(view)!, payload) === 0)
})

test('the layout is what it was', () => {
  assert.is(
    seal(Buffer.from('a')).toString('hex'),
    `${Buffer.from('mintmark').toString('hex')}0001000000000001ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb61`,
  )
})

test('cut short at any byte, it does not open', () => {
  for (let length = 0; length < sealed.length; length++) assert.is(open(sealed.subarray(0, length)), undefined, `${length}`)
})

test('with any bit flipped, it does not open', () => {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Buffer.from(sealed)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.is(open(flipped), undefined, `bit ${bit}`)
  }
})

test('with bytes after its end, or with its tail zeroed, it does not open', () => {
  assert.is(open(Buffer.concat([sealed, Buffer.alloc(1)])), undefined)
  for (let from = 0; from < sealed.length; from++) assert.is(open(Buffer.from(sealed).fill(0, from)), undefined, `${from}`)
})

test.run()
