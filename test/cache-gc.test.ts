// Collecting garbage: what goes, what stays, and that runs under way lose nothing.

import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDigestSet } from '../cli/cache/digest-set.js'
import { collectGarbage, type GcOptions } from '../cli/cache/gc.js'
import { listEntries } from '../cli/cache/list.js'
import { newestFirst } from '../cli/cache/newest.js'
import { verifyStore } from '../cli/cache/verify.js'
import { encode } from '../runtime/codec.js'
import { digest, FORMAT, STAMP } from '../runtime/contract.js'
import { step } from '../runtime/decorators.js'
import { type FileRef, fileRef } from '../runtime/file.js'
import { FlowSpec } from '../runtime/flow.js'
import { memoizeFunction } from '../runtime/memoize.js'
import type { Listing, Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { signedStore } from '../runtime/stores/signed.js'
import { BLOB_WRITER } from './support/blob-writer.js'
import { ran } from './support/flows.js'
import { age, blobOf, idsOf, keep, large } from './support/kept.js'
import { stamped } from './support/stamps.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let dir = ''
let store: Store

test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'mintmark-gc-'))
  store = fsStore({ dir, durability: 'none' })
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

function collect(at: Store = store, options: Partial<GcOptions> = {}) {
  return collectGarbage(at, { graceMs: DAY, dryRun: false, now: Date.now(), progress: () => {}, ...options })
}

const orphan = (at: Store, name: string) => at.put('blobs', digest(name), Buffer.from(name))

test('blobs that no entry needs go, once they are older than the grace period', async () => {
  await keep(store, 'a', large('a'))
  await orphan(store, 'old')
  age(dir, 'blobs', 2 * DAY)
  await orphan(store, 'young')
  const report = await collect()
  assert.equal(await idsOf(store, 'blobs'), [blobOf(large('a')), digest('young')].sort())
  assert.equal([report.blobs.removed, report.blobs.kept, report.entries.kept], [1, 2, 1])
})

test('the content of files stays as long as a result or an artifact mentions it', async () => {
  class Filing extends FlowSpec {
    report: FileRef | undefined
    @step async start() {
      this.report = await fileRef(join(dir, 'report'))
      this.next(this.end)
    }
    @step end() {}
  }
  stamped(Filing, { start: { writes: ['report'] }, end: { reads: ['report'] } })
  writeFileSync(join(dir, 'report'), 'of a flow')
  await ran(Filing, { store })
  writeFileSync(join(dir, 'made'), 'by a function')
  const fn = async () => fileRef(join(dir, 'made'))
  const stamp = { kind: 'function', format: FORMAT, id: 'test.ts#fn', fingerprint: digest('fn') }
  await memoizeFunction(Object.assign(fn, { [STAMP]: stamp }), { store })()
  age(dir, 'blobs', 2 * DAY)
  const kept = [digest('of a flow'), digest('by a function')]
  await collect()
  assert.equal(
    (await idsOf(store, 'blobs')).filter((id) => (kept as string[]).includes(id)),
    kept.sort(),
  )
  for (const room of ['entries', 'runs', 'blobs'] as const) age(dir, room, 2 * DAY)
  await collect(store, { maxAgeMs: DAY })
  assert.equal(await idsOf(store, 'blobs'), [])
})

test('a dry run tells the same and removes nothing', async () => {
  await keep(store, 'a', large('a'))
  await orphan(store, 'old')
  for (const room of ['blobs', 'entries'] as const) age(dir, room, 2 * DAY)
  const before = [await idsOf(store, 'entries'), await idsOf(store, 'blobs')]
  const dry = await collect(store, { dryRun: true, maxAgeMs: DAY })
  assert.equal([await idsOf(store, 'entries'), await idsOf(store, 'blobs')], before)
  assert.equal(await collect(store, { maxAgeMs: DAY }), dry)
  assert.equal([dry.entries.removed, dry.blobs.removed, await idsOf(store, 'blobs')], [1, 2, []])
})

test('entries that are too old go, and with them the blobs that only they needed', async () => {
  const both = large('both')
  const [old, young] = [await keep(store, 'old', both), await keep(store, 'young', both)]
  await keep(store, 'other', large('only old'))
  age(dir, 'entries', 3 * DAY)
  age(dir, 'entries', HOUR, young)
  age(dir, 'blobs', 3 * DAY)
  assert.is((await collect(store, { maxAgeMs: 2 * DAY })).entries.removed, 2)
  assert.equal([await idsOf(store, 'entries'), await idsOf(store, 'blobs')], [[young], [blobOf(both)]])
  assert.not.equal(old, young)
})

test('of what is too much the newest that fits stays', async () => {
  const keys = []
  for (const [n, name] of ['a', 'b', 'c', 'd'].entries()) {
    keys.push(await keep(store, name, large(name)))
    age(dir, 'entries', (10 - n) * DAY, keys[n])
  }
  age(dir, 'blobs', 2 * DAY)
  const report = await collect(store, { maxBytes: 150_000 })
  assert.equal([await idsOf(store, 'entries'), report.entries.removed], [keys.slice(2).sort(), 2])
  assert.equal(await idsOf(store, 'blobs'), ['c', 'd'].map((name) => blobOf(large(name))).sort())
})

/** A flow that leaves a large artifact, and an entry only when its step is memoized. */
function flow(memoized = false) {
  class Leaving extends FlowSpec {
    big = ''
    @step start() {
      this.big = large('artifact')
      this.next(this.end)
    }
    @step end() {}
  }
  Object.assign(Leaving, { memoize: memoized })
  return stamped(Leaving, { start: {}, end: {} })
}

test('the artifacts of a run stay while its records do', async () => {
  await ran(flow(), { store })
  age(dir, 'blobs', 5 * DAY)
  assert.is((await collect()).blobs.removed, 0)
  age(dir, 'runs', 5 * DAY)
  assert.equal([(await collect()).blobs.removed, (await collect(store, { maxAgeMs: 9 * DAY })).runs.kept], [0, 1])
  const report = await collect(store, { maxAgeMs: DAY })
  assert.equal([report.runs.removed, report.blobs.removed, await idsOf(store, 'runs'), await idsOf(store, 'blobs')], [1, 1, [], []])
})

test('the record of a run goes before its tasks, so that no run is left that lacks some', async () => {
  await ran(flow(), { store })
  age(dir, 'runs', 5 * DAY)
  const deleted: string[] = []
  await collect({ ...store, delete: async (_room, id) => void deleted.push(id) }, { maxAgeMs: DAY })
  assert.match(deleted[0]!, /\/run$/)
  assert.ok(deleted.length > 1)
})

test('entries go before blobs', async () => {
  await keep(store, 'a', large('a'))
  for (const room of ['blobs', 'entries'] as const) age(dir, room, 5 * DAY)
  const rooms: string[] = []
  await collect({ ...store, delete: async (room) => void rooms.push(room) }, { maxAgeMs: DAY })
  assert.equal(rooms, ['entries', 'blobs'])
})

test('signed entries and records need their blobs, too', async () => {
  const signed = signedStore(store, { sign: generateKeyPairSync('ed25519').privateKey })
  await keep(signed, 'a', large('a'))
  await ran(flow(), { store: signed })
  age(dir, 'blobs', 5 * DAY)
  assert.is((await collect()).blobs.removed, 0)
})

test('an entry of a later version holds back all blobs', async () => {
  const key = await keep(store, 'a', large('a'))
  const bytes = (await store.get('entries', key))!
  bytes[3]!++
  await store.put('entries', key, bytes, { replace: true })
  age(dir, 'blobs', 5 * DAY)
  const report = await collect()
  assert.equal([report.newer, report.blobs.removed, (await idsOf(store, 'blobs')).length], [1, 0, 1])
})

test('a store that fails stops it before any blob goes', async () => {
  await keep(store, 'a', large('a'))
  age(dir, 'blobs', 5 * DAY)
  const failing: Store = {
    ...store,
    async get() {
      throw new Error('no disk')
    },
  }
  assert.match(String(await collect(failing).catch((error: unknown) => error)), /no disk/)
  assert.is((await idsOf(store, 'blobs')).length, 1)
})

test('claims that were left behind go', async () => {
  await store.put('claims', digest('old'), Buffer.from('x'))
  age(dir, 'claims', 2 * DAY)
  await store.put('claims', digest('young'), Buffer.from('x'))
  await collect()
  assert.equal(await idsOf(store, 'claims'), [digest('young')])
})

test('between a blob and its entry: the blob stays, though it had been there unneeded for days', async () => {
  await store.put('blobs', blobOf(large('a')), encode(large('a')))
  age(dir, 'blobs', 2 * DAY)
  let removed = -1
  const slow: Store = {
    ...store,
    async put(room, id, bytes, options) {
      if (room === 'entries') removed = (await collect()).blobs.removed
      return store.put(room, id, bytes, options)
    },
  }
  await keep(slow, 'a', large('a'))
  assert.equal([removed, await idsOf(store, 'blobs')], [0, [blobOf(large('a'))]])
})

test('between the list of blobs and its work: what was put anew stays', async () => {
  await orphan(store, 'old')
  await store.put('blobs', blobOf(large('a')), encode(large('a')))
  age(dir, 'blobs', 2 * DAY)
  async function* meanwhile(listing: AsyncIterable<Listing>): AsyncGenerator<Listing> {
    const all = []
    for await (const each of listing) all.push(each)
    await keep(store, 'a', large('a'))
    yield* all
  }
  const report = await collect({
    ...store,
    list: (room, prefix) => (room === 'blobs' && !prefix ? meanwhile(store.list(room)) : store.list(room, prefix)),
  })
  assert.equal([report.blobs.removed, await idsOf(store, 'blobs')], [1, [blobOf(large('a'))]])
})

test('while it works, another process puts entries to old blobs that nothing referred to: none of them lacks its blob', async () => {
  const count = 60
  for (let n = 0; n < count; n++) await keep(store, `result ${n}`, large(`value ${n}`))
  for (const id of await idsOf(store, 'entries')) await store.delete('entries', id)
  age(dir, 'blobs', 2 * DAY)
  const writer = spawn(process.execPath, [BLOB_WRITER, dir, String(count)], { stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(writer, 'exit')
  let rounds = 0
  while (writer.exitCode === null) {
    // Only once it has begun, and then a part at a time: the whole would be gone before the first entry is there.
    if ((await idsOf(store, 'entries')).length > 0)
      await collect({
        ...store,
        list: (room, prefix) => (room === 'blobs' && !prefix ? first(store.list(room), 5) : store.list(room, prefix)),
      })
    rounds++
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(await ended, [0, null])
  assert.ok(rounds > 1)
  await collect()
  const problems: string[] = []
  await verifyStore(store, { trust: [], zone: '', progress: () => {}, onProblem: async ({ kind }) => void problems.push(kind) })
  assert.equal([problems, (await idsOf(store, 'entries')).length], [[], count])
})

test('between the two looks of a writer who finds its blob in place: when that is removed, it is put all the same', async () => {
  for (const at of ['after its put', 'after its list'] as const) {
    const value = large(at)
    await store.put('blobs', blobOf(value), encode(value))
    age(dir, 'blobs', 2 * DAY)
    let removed = 0
    const collectOnce = async () => {
      if (removed === 0) removed = (await collect()).blobs.removed
    }
    async function* listing(prefix: string): AsyncGenerator<Listing> {
      for await (const each of store.list('blobs', prefix)) {
        await collectOnce()
        yield each
      }
    }
    await keep(
      {
        ...store,
        async put(room, id, bytes, options) {
          const stored = await store.put(room, id, bytes, options)
          if (room === 'blobs' && !stored && at === 'after its put') await collectOnce()
          return stored
        },
        list: (room, prefix = '') => (room === 'blobs' && at === 'after its list' ? listing(prefix) : store.list(room, prefix)),
      },
      at,
      value,
    )
    assert.equal([removed, (await idsOf(store, 'blobs')).includes(blobOf(value))], [1, true], at)
  }
})

test('between the last look at something and its removal: what was put anew stays', async () => {
  const key = await keep(store, 'a', large('a'))
  await orphan(store, 'old')
  for (const room of ['blobs', 'entries'] as const) age(dir, room, 2 * DAY)
  const late: Store = {
    ...store,
    async delete(room, id, options) {
      await keep(store, 'a', large('a'))
      if (room === 'entries') await store.put(room, id, (await store.get(room, id))!, { replace: true })
      await store.delete(room, id, options)
    },
  }
  await collect(late, { maxAgeMs: DAY })
  assert.equal([await idsOf(store, 'entries'), await idsOf(store, 'blobs')], [[key], [blobOf(large('a'))]])
})

test('a run ends right though all that it puts is removed at once: what is gone is a miss', async () => {
  let removed = 0
  const trampled: Store = {
    ...store,
    async put(room, id, bytes, options) {
      const stored = await store.put(room, id, bytes, options)
      const { entries, blobs, runs } = await collect(store, { graceMs: -1, maxAgeMs: -1 })
      removed += entries.removed + blobs.removed + runs.removed
      return stored
    },
  }
  for (let n = 0; n < 3; n++) assert.equal((await ran(flow(true), { store: trampled })).artifacts.big, large('artifact'))
  assert.ok(removed > 6)
})

async function* first(listing: AsyncIterable<Listing>, most: number): AsyncGenerator<Listing> {
  let count = 0
  for await (const each of listing) {
    if (count++ === most) return
    yield each
  }
}

test('a blob that is found in place is young again', async () => {
  await keep(store, 'a', large('a'))
  age(dir, 'blobs', 2 * DAY)
  await keep(store, 'b', large('a'))
  for await (const { modified } of store.list('blobs')) assert.ok(Date.now() - modified < HOUR)
})

test('a set of digests is a set', () => {
  const set = openDigestSet()
  const known = new Set<string>()
  const zeros = '0'.repeat(64)
  for (let n = 0; n < 5000; n++) {
    const id = n === 100 ? zeros : digest(String(n % 3000))
    assert.is(set.has(id), known.has(id))
    assert.is(set.add(id), !known.has(id))
    known.add(id)
  }
  assert.is(set.size, known.size)
  assert.equal([set.has(zeros), set.add(zeros), set.has(digest('never'))], [true, false, false])
})

test('from the newest to the oldest, with all that was listed', async () => {
  const inner = memoryStore()
  for (let n = 0; n < 1500; n++) await inner.put('entries', digest(String(n)), Buffer.alloc(n % 7))
  const times = new Map((await idsOf(inner, 'entries')).map((id, n) => [id, (n * 7919) % 1500]))
  async function* timed(): AsyncGenerator<Listing> {
    for await (const each of inner.list('entries')) yield { ...each, modified: times.get(each.id)! }
  }
  const sorted: Listing[] = []
  for await (const each of newestFirst(timed())) sorted.push(each)
  assert.equal(
    sorted.map(({ modified }) => modified),
    Array.from({ length: 1500 }, (_, n) => 1499 - n),
  )
  for (const { id, modified, size } of sorted.slice(0, 50))
    assert.equal([times.get(id), (await inner.get('entries', id))!.length], [modified, size])
})

test('several threads find of a large folder what one finds', async () => {
  await keep(store, 'whole', 'small')
  await keep(store, 'needy', large('needy'))
  await orphan(store, 'old')
  const [entry] = await idsOf(store, 'entries')
  const bytes = (await store.get('entries', entry!))!
  for (let n = 0; n < 4500; n++) await store.put('entries', digest(`copy ${n}`), n % 2 === 0 ? bytes : Buffer.from('no entry'))
  for (const name of ['needy', 'whole', 'last']) await keep(store, `${name} again`, large(name))
  await store.delete('blobs', blobOf(large('whole')))
  age(dir, 'blobs', 2 * DAY)
  const told = async (folder: string | undefined) => {
    const problems: unknown[] = []
    const verified = await verifyStore(store, {
      trust: [],
      zone: '',
      folder,
      progress: () => {},
      onProblem: async (problem) => void problems.push(problem),
    })
    const lines: string[] = []
    const desk = { store, folder, json: true, print: async (text: string) => void lines.push(text), say: () => {}, progress: () => {} }
    await listEntries(desk as never, {})
    return { verified, problems, lines, garbage: await collect(store, { folder, dryRun: true }) }
  }
  const alone = await told(undefined)
  assert.is(alone.verified.entries, 4505)
  assert.is(alone.lines.length, 4505)
  assert.ok(alone.problems.length >= 4501)
  assert.is(alone.garbage.blobs.removed, 1)
  assert.equal(await told(dir), alone)
})

test.run()
