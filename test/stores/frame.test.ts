// The envelope of stored bytes: it opens exactly when it is whole.

import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { deflate, WORTH_FROM } from '../../runtime/stores/compression.js'
import { FRAME_BYTES, headOf, headOfDeflated, isNewer, open, openingOf, seal } from '../../runtime/stores/frame.js'
import { sealedAs } from '../support/frames.js'

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

const repeating = Buffer.alloc(WORTH_FROM, 'again and ')

async function sealDeflated(payload: Uint8Array): Promise<Buffer> {
  const deflated = (await deflate([payload]))!
  return Buffer.concat([headOfDeflated(deflated, payload.length), ...deflated])
}

test('head and payload one after the other are the envelope', () => {
  assert.ok(Buffer.concat([headOf([payload]), payload]).equals(sealed))
})

test('what was deflated opens, and is shorter', async () => {
  const short = await sealDeflated(repeating)
  assert.ok(short.length < repeating.length / 10)
  assert.ok(Buffer.compare(open(short)!, repeating) === 0)
  assert.is(await deflate([randomBytes(WORTH_FROM)]), undefined)
})

test('deflated, cut short at any byte or with any bit flipped, it does not open and is not of a later version', async () => {
  const short = await sealDeflated(repeating)
  for (let length = 0; length < short.length; length++) assert.is(open(short.subarray(0, length)), undefined, `${length}`)
  for (let bit = 0; bit < short.length * 8; bit++) {
    const flipped = Buffer.from(short)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.is(open(flipped), undefined, `bit ${bit}`)
    assert.not.ok(isNewer(flipped), `bit ${bit}`)
  }
})

test('no damaged envelope passes for one of a later version, and a whole one is known', () => {
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = Buffer.from(sealed)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.not.ok(isNewer(flipped), `bit ${bit}`)
  }
  const newer = sealedAs(3, payload)
  assert.ok(isNewer(newer))
  assert.is(open(newer), undefined)
  for (let length = 0; length < newer.length; length++) assert.not.ok(isNewer(newer.subarray(0, length)))
  assert.not.ok(isNewer(sealed))
})

test('a bomb is refused before anything is allocated for it', async () => {
  const [deflated] = (await deflate([Buffer.alloc(WORTH_FROM)])) as [Uint8Array]
  const lengths = [2 ** 48 - 1, 2 ** 33, 2 ** 29, deflated.length * 1032 + 1, WORTH_FROM + 1, WORTH_FROM - 1, 0]
  for (const length of lengths) {
    const body = Buffer.alloc(6 + deflated.length)
    body.writeUIntBE(length, 0, 6)
    body.set(deflated, 6)
    const before = process.memoryUsage().arrayBuffers
    const sealed = sealedAs(2, body)
    assert.is(open(sealed), undefined, `declared ${length}`)
    assert.is(openingOf(sealed, sealed.length) !== undefined, length <= deflated.length * 1032, `read piece by piece, declared ${length}`)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1e6)
  }
  assert.is(open(sealedAs(2, Buffer.alloc(5))), undefined)
  assert.is(open(sealedAs(2, Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 9]), Buffer.from('not deflated')]))), undefined)
})

test.run()
