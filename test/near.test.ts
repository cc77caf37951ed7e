// Hits at once: a plain hit in memory or in a folder needs no promise, and whatever is no plain hit is left to those who can say why.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../runtime/codec.js'
import { digest, type Fingerprint } from '../runtime/contract.js'
import { type Draft, INLINE_LIMIT, save } from '../runtime/entry.js'
import { readSole } from '../runtime/entry-bytes.js'
import { fileRef } from '../runtime/file.js'
import type { Key } from '../runtime/key.js'
import { recallNear } from '../runtime/near.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { tieredStore } from '../runtime/stores/tiered.js'

const [key, other] = [digest('key') as string as Key, digest('other') as string as Key]
const createdAt = Date.now()
const draft: Draft = {
  key,
  createdAt,
  writer: 'hier ü#1',
  durationMs: 12.5,
  closure: digest('closure') as string as Fingerprint,
  step: 'f.ts#step',
}
const always = { ttlMs: undefined, timed: false }
const value = { rows: [1, 2], text: 'ü' }

let dir: string
let stores: Store[]

test.before.each(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mintmark-near-'))
  stores = [memoryStore(), fsStore({ dir, durability: 'none' })]
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

const fileOf = (of: Key) => path.join(dir, 'v1/entries', of.slice(0, 2), of)

test('a plain hit, with or without an age, alone or one of several', async () => {
  for (const store of stores) {
    await save(store, draft, { result: encode(value) })
    await save(store, { ...draft, key: other }, { a: encode(1), result: encode(value) })
    for (const at of [key, other]) {
      assert.equal(recallNear(store, at, 'result', always)?.value, value)
      assert.equal(recallNear(store, at, 'result', { ttlMs: 60_000, timed: true }), { value, durationMs: 12.5 })
      assert.is(recallNear(store, at, 'result', { ttlMs: 0, timed: false }), undefined)
      assert.is(recallNear(store, at, 'nothing', always), undefined)
    }
  }
})

test('two tiers have at hand what the local one has', async () => {
  const shared = memoryStore()
  const tiers = tieredStore({ local: stores[1]!, shared })
  await save(shared, draft, { result: encode(value) })
  assert.is(recallNear(tiers, key, 'result', always), undefined)
  await tiers.get('entries', key)
  assert.equal(recallNear(tiers, key, 'result', always), { value })
})

test('in memory in front of a folder, too, and each hit is a copy', async () => {
  const shared = stores[1]!
  const tiers = tieredStore({ local: stores[0]!, shared })
  await save(shared, draft, { result: encode(value) })
  assert.is(recallNear(tiers, key, 'result', always), undefined)
  await tiers.get('entries', key)
  rmSync(fileOf(key))
  const hits = Array.from({ length: 4 }, () => recallNear(tiers, key, 'result', always)!.value)
  for (const hit of hits) assert.equal(hit, value)
  assert.is(new Set(hits).size, 4)
  assert.is(recallNear(tiers, key, 'result', { ttlMs: 0, timed: false }), undefined)
  await tiers.delete('entries', key)
  assert.is(recallNear(tiers, key, 'result', always), undefined)
})

test('what needs more than its entry is none', async () => {
  const file = path.join(dir, 'file.txt')
  writeFileSync(file, 'text')
  const outputs = { a: encode('x'.repeat(INLINE_LIMIT)), b: encode([await fileRef(file)]) }
  for (const store of stores) {
    for (const [name, bytes] of Object.entries(outputs)) {
      await save(store, draft, { [name]: bytes }, { replace: true })
      assert.is(recallNear(store, key, name, always), undefined)
    }
    await save(store, draft, { result: encode(value) }, { replace: true })
    assert.is(recallNear({ ...store }, key, 'result', always), undefined, 'a store of which nothing is known')
  }
})

test('nor is what lies under another name, or was changed', async () => {
  const [, store] = stores
  await save(store!, draft, { result: encode(value) })
  mkdirSync(path.dirname(fileOf(other)), { recursive: true })
  copyFileSync(fileOf(key), fileOf(other))
  assert.is(recallNear(store!, other, 'result', always), undefined)
  const whole = readFileSync(fileOf(key))
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Buffer.from(whole)
    changed[at]! ^= 1
    writeFileSync(fileOf(key), changed)
    assert.is(recallNear(store!, key, 'result', always), undefined, `byte ${at}`)
  }
})

test('a value keeps none of the memory that it was read into', async () => {
  for (const store of stores) {
    await save(store, draft, { result: encode(new Uint8Array(300).fill(1)) })
    await save(store, { ...draft, key: other }, { result: encode(new Uint8Array(300).fill(2)) })
    const first = recallNear(store, key, 'result', always)!.value
    recallNear(store, other, 'result', always)
    assert.equal(first, new Uint8Array(300).fill(1))
  }
})

test('an entry is only told by the ends of its head when they say it all', async () => {
  const store = memoryStore()
  const result = encode(value)
  async function written(outputs: Record<string, Uint8Array>): Promise<Uint8Array> {
    await save(store, draft, outputs, { replace: true })
    return (await store.get('entries', key))!
  }
  const one = await written({ result })
  assert.equal(Buffer.from(readSole(one, key, 'result')!), Buffer.from(result))
  assert.is(readSole(one, other, 'result'), undefined)
  assert.is(readSole(one, key, 'resul'), undefined)
  for (let length = 0; length < one.length; length++) assert.is(readSole(one.subarray(0, length), key, 'result'), undefined)
  assert.is(readSole(Buffer.concat([one, Buffer.of(0)]), key, 'result'), undefined)
  for (const at of [0, 3, 20]) assert.is(readSole(one.with(at, 0x21), key, 'result'), undefined, `byte ${at}`)
  assert.is(readSole(await written({ result, second: result }), key, 'result'), undefined)
  assert.is(readSole(await written({ first: result, result }), key, 'result'), undefined)
  assert.is(readSole(await written({ result: encode('x'.repeat(INLINE_LIMIT)) }), key, 'result'), undefined)
})

test.run()
