// What a hit, a miss and a put cost, against plain calls of the file system on the same bytes, measured in the same run and in turn; and beside
// other caches on disk, on the same values. Medians in microseconds, ratios of medians.

import { hash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { decode, encode } from '../runtime/codec.js'
import { digest, FORMAT, STAMP } from '../runtime/contract.js'
import { lookUp, readValue, save } from '../runtime/entry.js'
import type { Key } from '../runtime/key.js'
import { memoizeFunction } from '../runtime/memoize.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { tieredStore } from '../runtime/stores/tiered.js'
import { median, report } from './support/figures.js'
import { interleave } from './support/interleave.js'
import { cacachePeer, keyvPeer, memoizeFsPeer, type Peer } from './support/peers.js'

const ROUNDS = 1000
const DURABLE_ROUNDS = 400
const PEER_ROUNDS = 300
/** Puts that are made at once, and how often. */
const AT_ONCE = 8
const WAVES = 60

/** Calls that hit in memory. */
const REMEMBERED = 50

/** About 1 kB as JSON. */
const value = { rows: Array.from({ length: 14 }, (_, id) => ({ id, name: `name of ${id}`, score: id / 7, tags: ['first', 'second'] })) }
const text = JSON.stringify(value)
const bytes = encode(value)
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

const keyOf = (round: number) => digest(`key ${round}`) as string as Key
const draftOf = (key: Key) => ({
  key,
  createdAt: Date.now(),
  writer: 'bench#1',
  durationMs: 1,
  closure: digest('code') as never,
  step: 'bench.ts#step',
})

async function hit(store: Store, key: Key): Promise<unknown> {
  const found = await lookUp(store, key, { now: Date.now() })
  const output = found.kind === 'hit' ? await readValue(store, found.entry.outputs.result!) : found
  if (output.kind !== 'value') throw new Error('a miss')
  return output.value
}

const save1 = (store: Store, key: Key) => save(store, draftOf(key), { result: encode(value) })

const rowOf = (call: (at: number) => unknown) => async () => {
  for (let at = 0; at < REMEMBERED; at++) await call(at)
}

/** Opening, reading, digesting and parsing, with as few calls as it takes; of the value's text, which the file may end with or be. */
function plainRead(file: string): unknown {
  const fd = openSync(file, 'r')
  const length = readSync(fd, scratch, 0, scratch.length, 0)
  closeSync(fd)
  const read = scratch.subarray(0, length)
  return [hash('sha256', read), JSON.parse(read.toString('utf8', length - text.length))]
}

function plainReadFile(file: string): unknown {
  const read = readFileSync(file)
  return [hash('sha256', read), JSON.parse(read.toString('utf8'))]
}

function plainWrite(file: string, temp: string, folder: string, durable: boolean): void {
  const fd = openSync(temp, 'wx', 0o600)
  writeSync(fd, bytes)
  if (durable) fsyncSync(fd)
  closeSync(fd)
  renameSync(temp, file)
  if (!durable) return
  const of = openSync(folder, 'r')
  fsyncSync(of)
  closeSync(of)
}

function tell(what: string, mine: readonly number[], floor: string, theirs: readonly number[]): void {
  report(what, median(mine), floor, median(theirs), median(mine) / median(theirs))
}

async function reads(dir: string): Promise<void> {
  const store = fsStore({ dir: path.join(dir, 'reads'), durability: 'none' })
  const memory = memoryStore()
  const folder = path.join(dir, 'plain')
  mkdirSync(folder)
  const files = Array.from({ length: ROUNDS }, (_, round) => path.join(folder, String(round)))
  const keys = files.map((_, round) => keyOf(round))
  for (const [round, file] of files.entries()) {
    writeFileSync(file, text)
    await save1(store, keys[round]!)
    await store.put('blobs', keys[round]!, bytes)
    await memory.put('blobs', keys[round]!, bytes)
    await save1(memory, keys[round]!)
  }
  const compute = Object.assign(async (_: number) => value, {
    [STAMP]: { kind: 'function', format: FORMAT, id: 'bench.ts#compute', fingerprint: digest('compute') },
  })
  const memoized = memoizeFunction(compute, { store })
  const remembered = memoizeFunction(compute, { store: memory })
  const inFront = memoizeFunction(compute, { store: tieredStore({ local: memoryStore(), shared: store }) })
  const texts = Array.from({ length: REMEMBERED }, (_, n) => text.replace('name of 0', `name of ${n}`))
  for (const round of keys.keys()) await Promise.all([memoized(round), remembered(round), inFront(round)])
  const stored = keys.map((_, round) => {
    const key = memoized.key(round)
    return path.join(dir, 'reads/v1/entries', key.slice(0, 2), key)
  })
  const absent = keys.map((_, round) => keyOf(-1 - round))
  const hits = await interleave(
    {
      get: async (round) => decode((await store.get('blobs', keys[round]!))!),
      entry: (round) => hit(store, keys[round]!),
      call: (round) => memoized(round),
      // Not the file that was just read.
      same: (round) => plainRead(stored[(round + ROUNDS / 2) % ROUNDS]!),
      plain: (round) => plainRead(files[round]!),
      readFile: (round) => plainReadFile(files[round]!),
      memory: async (round) => decode((await memory.get('blobs', keys[round]!))!),
      memoryEntry: (round) => hit(memory, keys[round]!),
      // Of those that were hit before: the first time, what is kept is digested and parsed.
      memoryCall: (round) => remembered(round % REMEMBERED),
      memoryTier: (round) => inFront(round % REMEMBERED),
      parse: async (round) => JSON.parse(texts[round % REMEMBERED]!),
    },
    ROUNDS,
  )
  tell('hit of 1 kB, get and decode, us', hits.get, 'open, read, digest, parse', hits.plain)
  tell('the same', hits.get, 'readFileSync, digest, parse', hits.readFile)
  tell('hit of 1 kB, entry and value, us', hits.entry, 'open, read, digest, parse', hits.plain)
  tell('the same', hits.entry, 'readFileSync, digest, parse', hits.readFile)
  tell('hit of 1 kB, entry and value, us', hits.entry, 'open, read, digest, parse of a stored file', hits.same)
  tell('hit of 1 kB, a memoized call, us', hits.call, 'open, read, digest, parse', hits.plain)
  tell('hit of 1 kB, a memoized call, us', hits.call, 'open, read, digest, parse of a stored file', hits.same)
  // What is read in turn with so much else is read from far memory each time.
  tell('memory hit of 1 kB, get and decode, us', hits.memory, 'JSON.parse of the text', hits.parse)
  tell('memory hit of 1 kB, entry and value, us', hits.memoryEntry, 'JSON.parse of the text', hits.parse)
  tell('memory hit of 1 kB, a memoized call, us', hits.memoryCall, 'JSON.parse of the text', hits.parse)
  tell('the same in memory in front of a folder, us', hits.memoryTier, 'JSON.parse of the text', hits.parse)
  const inARow = await interleave(
    { call: rowOf(remembered), tier: rowOf(inFront), parse: rowOf((at) => JSON.parse(texts[at]!)) },
    ROUNDS / 5,
  )
  const each = (times: readonly number[]) => times.map((time) => time / REMEMBERED)
  for (const limit of [[3], each(inARow.parse)]) {
    const floor = limit.length === 1 ? 'limit' : 'JSON.parse of the text'
    tell(`memory hit of 1 kB, a memoized call of ${REMEMBERED} in a row, us`, each(inARow.call), floor, limit)
    tell('the same in memory in front of a folder, us', each(inARow.tier), floor, limit)
  }
  const misses = await interleave(
    {
      get: (round) => store.get('entries', absent[round]!),
      look: (round) => lookUp(store, absent[round]!, { now: 0 }),
      stat: (round) => statSync(`${files[round]!}-absent`, { throwIfNoEntry: false }),
    },
    ROUNDS,
  )
  tell('miss, get, us', misses.get, 'statSync', misses.stat)
  tell('miss, look-up, us', misses.look, 'statSync', misses.stat)
}

/** The 256 folders of the fs store are made once in its life. */
async function makeFolders(dir: string): Promise<void> {
  const store = fsStore({ dir, durability: 'none' })
  for (let round = 0; round < 1500; round++) await store.put('entries', keyOf(-1 - round), bytes)
}

async function writes(dir: string): Promise<void> {
  for (const durability of ['none', 'fsync'] as const) {
    const durable = durability === 'fsync'
    const store = fsStore({ dir: path.join(dir, durability), durability })
    const folder = path.join(dir, `plain-${durability}`)
    mkdirSync(folder)
    await makeFolders(path.join(dir, durability))
    const puts = await interleave(
      {
        put: (round) => store.put('entries', keyOf(round), bytes),
        plain: (round) => plainWrite(path.join(folder, keyOf(round)), path.join(folder, `~${round}`), folder, durable),
      },
      durable ? DURABLE_ROUNDS : ROUNDS,
    )
    tell(`put of 1 kB, ${durability}, us`, puts.put, durable ? 'temp, fsync, rename, fsync of folder' : 'temp, rename', puts.plain)
    const eight = Array.from({ length: AT_ONCE }, (_, n) => 1e6 + n)
    const waves = await interleave(
      {
        put: (round) => Promise.all(eight.map((n) => store.put('entries', keyOf(n + round * AT_ONCE), bytes))),
        plain: (round) => {
          for (const n of eight.map((n) => n + round * AT_ONCE))
            plainWrite(path.join(folder, keyOf(n)), path.join(folder, `~${n}`), folder, durable)
        },
      },
      WAVES,
    )
    tell(`${AT_ONCE} puts of 1 kB at once, ${durability}, us`, waves.put, `${AT_ONCE} plain ones in a row`, waves.plain)
    const compute = Object.assign(async (_: number) => value, {
      [STAMP]: { kind: 'function', format: FORMAT, id: 'bench.ts#compute', fingerprint: digest(`compute ${durability}`) },
    })
    const claimed = memoizeFunction(compute, { store, salt: 'claimed' })
    const unclaimed = memoizeFunction(compute, { store, salt: 'unclaimed', wait: 0 })
    const misses = await interleave({ claimed: (round) => claimed(round), unclaimed: (round) => unclaimed(round) }, DURABLE_ROUNDS)
    tell(`memoized miss of 1 kB, ${durability}, us`, misses.claimed, 'without claims', misses.unclaimed)
  }
}

/** The floor of what survives a power cut: nobody who syncs each put writes it with less. */
function plainPeer(folder: string): Peer {
  mkdirSync(folder)
  return {
    put: async (key) => plainWrite(path.join(folder, key), path.join(folder, `~${key}`), folder, true),
    get: async (key) => plainRead(path.join(folder, key)),
    close() {},
  }
}

async function peers(dir: string): Promise<void> {
  const none = fsStore({ dir: path.join(dir, 'mine-none'), durability: 'none' })
  const durable = fsStore({ dir: path.join(dir, 'mine-fsync') })
  for (const name of ['mine-none', 'mine-fsync']) await makeFolders(path.join(dir, name))
  // cacache and memoize-fs know no other way than to leave it to the system when anything is written down.
  const others = {
    'cacache, never synced': cacachePeer(path.join(dir, 'cacache')),
    'memoize-fs, never synced': memoizeFsPeer(path.join(dir, 'memoize-fs')),
    'keyv with sqlite, not synced': keyvPeer(path.join(dir, 'keyv-none.sqlite'), false),
    'keyv with sqlite, synced': keyvPeer(path.join(dir, 'keyv.sqlite'), true),
    'plain files, synced': plainPeer(path.join(dir, 'plain-files')),
  }
  const names = Object.keys(others) as (keyof typeof others)[]
  const round = (call: 'put' | 'get') =>
    Object.fromEntries(names.map((name) => [name, (n: number) => others[name][call](keyOf(n), value)])) as Record<
      keyof typeof others,
      (n: number) => unknown
    >
  type Who = 'none' | 'fsync' | keyof typeof others
  // Apart: where one waits for the disk, those that do not wait for the file system, which has to write down what that one made.
  const syncing: readonly Who[] = ['fsync', 'keyv with sqlite, synced', 'plain files, synced']
  const some = (all: Readonly<Record<Who, (n: number) => unknown>>, syncs: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => syncing.includes(name as Who) === syncs)) as typeof all
  const apart = async (all: Readonly<Record<Who, (n: number) => unknown>>, rounds: number) => ({
    ...(await interleave(some(all, false), rounds)),
    ...(await interleave(some(all, true), rounds)),
  })
  const puts = await apart({ none: (n) => save1(none, keyOf(n)), fsync: (n) => save1(durable, keyOf(n)), ...round('put') }, PEER_ROUNDS)
  const hits = await interleave({ none: (n) => hit(none, keyOf(n)), fsync: (n) => hit(durable, keyOf(n)), ...round('get') }, PEER_ROUNDS)
  const atOnce = (put: (n: number) => unknown) => (n: number) =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, i) => put(1e6 + n * AT_ONCE + i)))
  const waves = await apart(
    {
      none: atOnce((n) => save1(none, keyOf(n))),
      fsync: atOnce((n) => save1(durable, keyOf(n))),
      ...(Object.fromEntries(Object.entries(round('put')).map(([name, put]) => [name, atOnce(put)])) as Record<
        keyof typeof others,
        (n: number) => unknown
      >),
    },
    WAVES,
  )
  const rate = (list: readonly number[], each: number) => [(each * 1e6) / median(list)]
  for (const [what, times, each] of [
    ['puts', puts, 1],
    [`puts, ${AT_ONCE} at once,`, waves, AT_ONCE],
    ['hits', hits, 1],
  ] as const)
    for (const mine of ['none', 'fsync'] as const)
      for (const name of names) tell(`${what} of 1 kB a second, fs ${mine}`, rate(times[mine], each), name, rate(times[name], each))
  for (const name of names) others[name].close()
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  try {
    await reads(dir)
    await writes(dir)
    await peers(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
