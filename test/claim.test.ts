// Single flight between processes: of those who ask for the same result one computes it, unless that one is gone, fails or takes too long.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { claim } from '../runtime/claim.js'
import { digest } from '../runtime/contract.js'
import type { Key } from '../runtime/key.js'
import { standing, thisOwner } from '../runtime/owner.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { s3Store } from '../runtime/stores/s3.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { CLAIMANT, computing } from './support/claimant.js'
import { BUCKET, startS3, useCredentials } from './support/s3.js'
import { all } from './support/store-conformance.js'
import { failing } from './support/stores.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-claims-'))
test.after(() => rmSync(top, { recursive: true, force: true }))

let places = 0
function place() {
  const dir = join(top, `${places++}`)
  const log = `${dir}.log`
  writeFileSync(log, '')
  const computed = () => readFileSync(log, 'utf8').split('\n').slice(0, -1)
  return { dir, log, computed, store: fsStore({ dir }) }
}

interface Claimant {
  readonly child: ChildProcess
  /** Lets it begin; what it got. */
  go(): Promise<string[]>
}

async function claimant(dir: string, log: string, [from, to]: [number, number], how: string, ms: number): Promise<Claimant> {
  const child = spawn(process.execPath, [CLAIMANT, dir, log, String(from), String(to), how, String(ms)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  assert.is((await lines.next()).value, 'ready')
  return {
    child,
    async go() {
      child.stdin.end('go\n')
      return JSON.parse((await lines.next()).value)
    },
  }
}

async function until(come: () => boolean): Promise<void> {
  while (!come()) await sleep(2)
}

const claimants = (count: number, ...given: Parameters<typeof claimant>) =>
  Promise.all(Array.from({ length: count }, () => claimant(...given)))

for (const [how, count] of [
  ['sleep', 16],
  ['flow', 4],
] as const) {
  test(`${count} processes that ask for one result compute it once (${how})`, async () => {
    const { dir, log, computed, store } = place()
    const asking = await claimants(count, dir, log, [7, 8], how, 100)
    const got = await Promise.all(asking.map((one) => one.go()))
    for (const results of got) assert.equal(results, ['result 7'])
    assert.is(computed().length, 1, computed().join())
    assert.equal(await all(store.list('claims')), [])
  })
}

test('16 processes that ask for the same thousand results compute each once', async () => {
  const { dir, log, computed, store } = place()
  const got = await Promise.all((await claimants(16, dir, log, [0, 1000], 'sleep', 2)).map((one) => one.go()))
  const expected = Array.from({ length: 1000 }, (_, n) => `result ${n}`)
  for (const results of got) assert.equal(results, expected)
  const numbers = computed().map((line) => Number(line.split(' ')[0]))
  assert.equal(
    numbers.sort((a, b) => a - b),
    expected.map((_, n) => n),
  )
  assert.is((await all(store.list('entries'))).length, 1000)
  assert.equal(await all(store.list('claims')), [])
})

test('an owner that is killed is followed at once, by one of those who wait', async () => {
  const { dir, log, computed } = place()
  const doomed = await claimant(dir, log, [1, 2], 'block', 600_000)
  doomed.go().catch(() => {})
  await until(() => computed().length === 1)
  const heirs = await claimants(6, dir, log, [1, 2], 'sleep', 200)
  const got = Promise.all(heirs.map((one) => one.go()))
  await sleep(100)
  assert.is(computed().length, 1)
  doomed.child.kill('SIGKILL')
  for (const results of await got) assert.equal(results, ['result 1'])
  assert.is(computed().length, 2, computed().join())
})

test('an owner whose event loop is blocked is waited for', async () => {
  const { dir, log, computed } = place()
  const blocked = await claimant(dir, log, [1, 2], 'block', 1500)
  const result = blocked.go()
  await until(() => computed().length === 1)
  const other = await claimant(dir, log, [1, 2], 'sleep', 0)
  assert.equal(await other.go(), ['result 1'])
  assert.equal(await result, ['result 1'])
  assert.is(computed().length, 1)
})

test('when an owner fails, those who waited compute for themselves', async () => {
  const { dir, log, computed } = place()
  const owner = await claimant(dir, log, [1, 2], 'fail', 500)
  const failed = owner.go()
  await until(() => computed().length === 1)
  const memoized = computing({ store: fsStore({ dir }) }, async (n) => `mine ${n}`)
  assert.is(await memoized(1), 'mine 1')
  assert.equal(await failed, ['Error: as the test asked: 1'])
})

const key = digest('a key') as string as Key
const record = (parts: object) => Buffer.from(JSON.stringify({ ...thisOwner(), claim: '0', beat: 0, ...parts }))
const unfound = async () => undefined

async function claimed(store: Store, options: object = {}): Promise<string> {
  const turn = await claim(store, key, unfound, { waitMs: 0, ...options })
  assert.is(turn.kind, 'turn')
  const held = await store.get('claims', key)
  if (turn.kind === 'turn') await turn.release()
  const left = await store.get('claims', key)
  if (left !== undefined) return 'not ours'
  return held === undefined ? 'none' : 'ours'
}

if (existsSync('/proc/self/stat')) {
  test('a process with the id of the owner that began at another time is not the owner', async () => {
    const store = memoryStore()
    await store.put('claims', key, record({ began: '1' }))
    assert.is(await claimed(store), 'ours')
    await store.put('claims', key, record({}))
    assert.is(await claimed(store), 'not ours')
  })

  test('a killed process that nobody has asked for its exit is dead', async () => {
    const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    const began = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[21]!
    const owner = { ...thisOwner(), pid, began }
    // The id is printed before the shell gives way to a parent that never asks.
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1').trim() === 'sleep')
    assert.is(standing(owner), 'alive')
    process.kill(pid, 'SIGKILL')
    await until(() => standing(owner) === 'dead')
    assert.ok(existsSync(`/proc/${pid}/stat`))
    parent.kill('SIGKILL')
  })
}

test('an owner that is gone is dead, this process is alive, and of other machines nobody can tell', () => {
  assert.is(standing(thisOwner()), 'alive')
  assert.is(standing({ ...thisOwner(), pid: 2 ** 22 + 1 }), 'dead')
  assert.is(standing({ ...thisOwner(), place: 'another' }), 'elsewhere')
})

test('an owner elsewhere keeps its claim as long as it renews it, and loses it when it does not', async () => {
  const store = memoryStore()
  const options = { waitMs: 400, leaseMs: 100 }
  let beat = 0
  const renewing = setInterval(() => store.put('claims', key, record({ place: 'another', beat: beat++ }), { replace: true }), 5)
  await until(() => beat > 0)
  assert.is(await claimed(store, options), 'not ours')
  clearInterval(renewing)
  assert.is(await claimed(store, { ...options, waitMs: 600_000 }), 'ours')
})

test('a claim is renewed while it is held, and not after', async () => {
  const store = memoryStore()
  const turn = await claim(store, key, unfound, { waitMs: 0, beatMs: 5 })
  const first = await store.get('claims', key)
  while (Buffer.compare((await store.get('claims', key))!, first!) === 0) await sleep(2)
  if (turn.kind === 'turn') await turn.release()
  await sleep(20)
  assert.is(await store.get('claims', key), undefined)
})

test('a claim in a form that is not known is respected as one from elsewhere', async () => {
  for (const unknown of ['', '{', 'null', '{"place":1}', '[]']) {
    const store = memoryStore()
    await store.put('claims', key, Buffer.from(unknown))
    assert.is(await claimed(store), 'not ours', unknown)
    await sleep(2)
    assert.is(await claimed(store, { waitMs: 600_000, leaseMs: 1 }), 'ours', unknown)
  }
})

test('one who died amid taking a claim over is in nobody’s way', async () => {
  const store = memoryStore()
  const dead = record({ pid: 2 ** 22 + 1 })
  await store.put('claims', key, dead)
  await store.put('claims', digest(dead), record({ pid: 2 ** 22 + 2 }))
  assert.is(await claimed(store, { waitMs: 600_000 }), 'ours')
  assert.equal(await all(store.list('claims')), [])
})

test('a wait ends with its time or its signal, and with `wait: 0` there is none', async () => {
  const store = memoryStore()
  const memoized = (options: object) => computing({ store, ...options }, async (n) => `mine ${n}`)
  const busy = memoized({}).key(1)
  for (const options of [{ wait: 0 }, { wait: 20 }]) {
    await store.put('claims', busy, record({}), { replace: true })
    assert.is(await memoized(options)(1), 'mine 1')
    await store.delete('entries', busy)
  }
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 10)
  await store.put('claims', key, record({}))
  assert.is(await claimed(store, { waitMs: 600_000, signal: stop.signal }), 'not ours')
})

test('who gets the claim when the result is there already takes the result', async () => {
  const store = memoryStore()
  assert.equal(await claim(store, key, async () => 'there', { waitMs: 0 }), { kind: 'found', found: 'there' })
  assert.equal(await all(store.list('claims')), [])
})

test('without claims results are computed and stored all the same, and nothing is said', async () => {
  const told: string[] = []
  const stop = listenToWarnings(({ message }) => told.push(message))
  forgetWarnings()
  try {
    for (const call of ['get', 'put'] as const) {
      const inner = memoryStore()
      const store = failing(inner, call, 'claims', new Error('no claims here'))
      const memoized = computing({ store }, async (n) => `mine ${n}`)
      if (call === 'get') await inner.put('claims', memoized.key(1), record({}))
      assert.is(await memoized(1), 'mine 1')
      assert.equal(await memoized.peek(1), { hit: true, value: 'mine 1' })
    }
    assert.equal(told, [])
  } finally {
    stop()
  }
})

test('a mode or ttl under which nothing is stored or found makes no claim', async () => {
  for (const options of [{ mode: 'readonly' }, { mode: 'refresh' }, { ttl: 0 }] as const) {
    const store = memoryStore()
    const memoized = computing({ store, wait: 600_000, ...options }, async (n) => `mine ${n}`)
    await store.put('claims', memoized.key(1), record({}))
    assert.is(await memoized(1), 'mine 1')
  }
})

test('a step that is done sooner than a claim is made is not claimed any more', async () => {
  const inner = memoryStore()
  let claims = 0
  const store: Store = {
    ...inner,
    async put(room, id, bytes, options) {
      if (room === 'claims') {
        claims++
        await sleep(20)
      }
      return inner.put(room, id, bytes, options)
    },
  }
  const memoized = computing({ store }, async (n) => `mine ${n}`)
  for (let n = 0; n < 20; n++) await memoized(n)
  assert.is(claims, 8)
})

test('over a bucket two machines compute once', async () => {
  useCredentials()
  const server = await startS3()
  const log = join(top, 's3.log')
  try {
    const stores = [0, 1].map(() => s3Store({ bucket: BUCKET, endpoint: server.endpoint }))
    const memoized = stores.map((store) =>
      computing({ store }, async (n) => {
        appendFileSync(log, `${n}\n`)
        await sleep(300)
        return `result ${n}`
      }),
    )
    assert.equal(await Promise.all(memoized.map((f) => f(1))), ['result 1', 'result 1'])
    assert.is(readFileSync(log, 'utf8'), '1\n')
    for (const store of stores) await store.close()
  } finally {
    await server.stop()
  }
})

test.run()
