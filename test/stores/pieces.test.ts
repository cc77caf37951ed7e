// Large values on their way into stores of every kind and out of them, piece by piece: what comes out is what went in, in memory of its own, or nothing.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, encode, encodeInPieces, memoryAfter } from '../../runtime/codec.js'
import { digest, type Fingerprint } from '../../runtime/contract.js'
import { lookUp, readValue, save } from '../../runtime/entry.js'
import type { Key } from '../../runtime/key.js'
import { memoizeFunction } from '../../runtime/memoize.js'
import type { Store } from '../../runtime/store.js'
import { agedStore } from '../../runtime/stores/aged.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { getInPieces, putInPieces } from '../../runtime/stores/in-pieces.js'
import { memoryStore } from '../../runtime/stores/memory.js'
import { signedStore } from '../../runtime/stores/signed.js'
import { tieredStore } from '../../runtime/stores/tiered.js'
import { zonedStore } from '../../runtime/stores/zoned.js'
import { sealedAs } from '../support/frames.js'
import { stampedFunction } from '../support/stamps.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-pieces-'))
test.after(() => rmSync(top, { recursive: true, force: true }))
let count = 0
const folder = () => fsStore({ dir: join(top, String(count++)), durability: 'none' })

const MIB = 1024 * 1024
const noise = (length: number) => Buffer.alloc(length, randomBytes(MIB))
const VALUES: Readonly<Record<string, unknown>> = {
  'a buffer': noise(9 * MIB),
  'a buffer that is deflated': Buffer.alloc(20 * MIB, 'words '),
  'the least that is a piece': new Uint8Array(MIB),
  'a byte less': new Uint8Array(MIB - 1),
  'a window': noise(3 * MIB).subarray(5, 2 * MIB),
  'memory among other things': { a: [noise(2 * MIB), 'x', { b: new Map([['k', new Float64Array(MIB)]]) }], z: -0, error: new Error('e') },
  'more pieces than are looked for': Array.from({ length: 70 }, (_, n) => noise(MIB + n)),
  'one buffer twice': ((bytes) => [bytes, { bytes }])(noise(2 * MIB)),
  'a large number': 2n ** BigInt(8 * 2 * MIB),
  'many words': new Map(Array.from({ length: 40_000 }, (_, n) => [n, `é${String(n).repeat(50)}`])),
  'plain data': Array.from({ length: 50_000 }, (_, n) => ({ n, text: `line ${n}`, list: ['a', n] })),
}
const STORES: Readonly<Record<string, () => Store>> = {
  'a folder': folder,
  memory: memoryStore,
  'a folder behind memory': () => tieredStore({ local: memoryStore(), shared: folder() }),
  'memory that is written behind a folder': () =>
    tieredStore({ local: folder(), shared: memoryStore(), write: 'behind', queueBytes: 4 * MIB }),
  'one with a greatest age': () => agedStore(folder(), { maxAge: '1d' }),
  'a signed one': () => signedStore(folder(), { sign: generateKeyPairSync('ed25519').privateKey }),
  'a zone': () => zonedStore(folder(), [memoryStore()]),
}

test('pieces are what encode makes, and decode to the value, whether memory is lent or copied', () => {
  for (const [name, value] of Object.entries(VALUES)) {
    const whole = encode(value)
    for (const borrows of [true, false]) {
      const pieces = encodeInPieces(value, { borrows })
      assert.is(Buffer.compare(Buffer.concat(pieces), whole), 0, name)
      assert.is(Buffer.compare(encode(decode(pieces)), whole), 0, name)
    }
  }
})

for (const [kind, open] of Object.entries(STORES))
  test(`${kind}: large values come back as they were, each buffer with memory of its own`, async () => {
    const store = open()
    for (const [name, value] of Object.entries(VALUES)) {
      const key = digest(name) as string as Key
      const draft = { key, createdAt: Date.now(), writer: 'w#1', durationMs: 1, closure: digest('c') as string as Fingerprint, step: 's' }
      assert.is(await save(store, draft, { out: encodeInPieces(value) }, { strict: true }), 'stored', name)
      const found = await lookUp(store, key, { now: Date.now(), strict: true })
      const read = found.kind === 'hit' ? await readValue(store, found.entry.outputs.out!, { strict: true }) : found
      if (read.kind === 'miss') throw new Error(`${name}: ${read.reason}`)
      assert.is(Buffer.compare(encode(read.value), encode(value)), 0, name)
      if (ArrayBuffer.isView(read.value)) assert.is(read.value.buffer.byteLength, read.value.byteLength, name)
    }
    await store.close()
  })

for (const [kind, open] of Object.entries(STORES))
  test(`${kind}: who changes a large result changes nobody else's, and nothing that is stored`, async () => {
    const store = open()
    let made = Buffer.alloc(0)
    const call = memoizeFunction(
      stampedFunction(async () => {
        made = noise(3 * MIB)
        return made
      }, kind),
      { store },
    )
    const all = await Promise.all([call(), call(), call()])
    const right = Buffer.from(made)
    for (let round = 0; round < 2; round++) {
      for (const each of all) {
        assert.ok(each.equals(right))
        each.fill(round)
      }
      made.fill(9)
      all.splice(0, 3, await call(), ...(await Promise.all([call(), call()])))
    }
    await store.close()
  })

for (const name of ['a buffer', 'a buffer that is deflated']) {
  test(`${name}: torn, cut or flipped it is a miss, and the next put heals it`, async () => {
    const dir = join(top, String(count++))
    const store = fsStore({ dir, durability: 'none' })
    const pieces = encodeInPieces(VALUES[name])
    const id = digest(pieces)
    assert.is(await putInPieces(store, id, pieces), true)
    const path = join(dir, 'v1/blobs', id.slice(0, 2), id)
    const good = readFileSync(path)
    const damaged = [...Array(64).keys(), good.length >> 1, good.length - 1].map((at) => {
      const bad = Buffer.from(good)
      bad[at]! ^= 1 << (at % 8)
      return bad
    })
    for (const cut of [0, 47, 48, 54, good.length >> 1, good.length - 1]) damaged.push(good.subarray(0, cut))
    damaged.push(Buffer.concat([good, Buffer.from('x')]))
    for (const [at, bad] of damaged.entries()) {
      writeFileSync(path, bad)
      assert.is(await getInPieces(store, id, memoryAfter), undefined, `${at}`)
    }
    assert.equal([await putInPieces(store, id, pieces), await putInPieces(store, id, pieces)], [true, false])
    assert.is(Buffer.compare(readFileSync(path), good), 0)
  })
}

test('what says of itself that it inflates to something else is a miss, takes no memory, and gives way', async () => {
  const dir = join(top, String(count++))
  const store = fsStore({ dir, durability: 'none' })
  const pieces = [noise(5 * MIB), noise(5 * MIB)]
  const id = digest(pieces)
  await putInPieces(store, id, pieces)
  const deflated = deflateRawSync(Buffer.alloc(32 * MIB))
  for (const length of [2 ** 48 - 1, 2 ** 33, deflated.length * 1032 + 1, 32 * MIB + 1, 32 * MIB - 1, 9 * MIB]) {
    const body = Buffer.concat([Buffer.alloc(6), deflated])
    body.writeUIntBE(length, 0, 6)
    writeFileSync(join(dir, 'v1/blobs', id.slice(0, 2), id), sealedAs(2, body))
    assert.is(await getInPieces(store, id, memoryAfter), undefined, `${length}`)
    assert.is(await putInPieces(store, id, pieces), true, `${length}`)
  }
})

test.run()
