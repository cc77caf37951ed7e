// What a disk can do to a put, really done: killed at every system call, calls that fail, a full disk. `npm run test:faults`, no part of `npm test`:
// it takes minutes, and needs Linux, strace, and for the full disk the right to mount. What is missing is skipped with a message.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Room } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { PAYLOADS, PUT_ID, PUTTER } from './support/fs-putter.js'
import { all, digestId, rejects, same } from './support/store-conformance.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-faults-'))
const disk = join(top, 'disk')
mkdirSync(disk)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0
test.after(() => {
  if (mounted) execFileSync('umount', [disk])
  rmSync(top, { recursive: true, force: true })
})

/** Every call by which a put could touch the disk, whatever Node makes of it. */
const CALLS =
  'open,openat,write,writev,pwrite64,pwritev,ftruncate,fsync,fdatasync,close,link,linkat,rename,renameat,renameat2,unlink,unlinkat,' +
  'mkdir,mkdirat,chmod,fchmod,fchmodat,access,faccessat,faccessat2,stat,lstat,fstat,statx,newfstatat'

interface Case {
  readonly name: string
  readonly room: Room
  readonly what: string
  readonly replace: boolean
  /** What was there before. */
  readonly before: Buffer | undefined
}

const old = Buffer.from('what was there before')
const CASES: readonly Case[] = [
  { name: 'the first entry of a store', room: 'entries', what: 'small', replace: false, before: undefined },
  { name: 'an entry in the place of another', room: 'entries', what: 'small', replace: true, before: old },
  { name: 'a large blob', room: 'blobs', what: 'noise', replace: false, before: undefined },
  { name: 'a large blob that is deflated', room: 'blobs', what: 'text', replace: true, before: old },
  { name: 'a blob that is deflated piece by piece', room: 'blobs', what: 'stream', replace: true, before: old },
]

interface Outcome {
  readonly signal: NodeJS.Signals | null
  /** What came of the put; `undefined` when it was killed. */
  readonly said: string | undefined
  /** Names of the calls of the main thread, as far as the put went, and of those by which the pool waits for the disk. */
  readonly calls: readonly string[]
}

let places = 0

async function prepare({ room, before }: Case) {
  const dir = join(top, `${places++}`)
  const store = fsStore({ dir })
  if (before) await store.put(room, PUT_ID, before)
  return { dir, store }
}

/** One put in a process of its own, traced from the moment before to the end. `inject` is of strace. */
async function traced(dir: string, { room, what, replace }: Case, inject?: string): Promise<Outcome> {
  const child = spawn(process.execPath, [PUTTER, 'put', dir, room, what, replace ? 'replace' : ''], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  assert.is((await lines.next()).value, 'ready')
  const log = `${dir}.strace`
  const tracer = spawn(
    'strace',
    ['-f', '-p', String(child.pid), '-o', log, '-e', `trace=${CALLS}`, ...(inject ? ['-e', `inject=${inject}`] : [])],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = once(child, 'close')
  await once(tracer.stderr, 'data')
  child.stdin.on('error', () => {})
  child.stdin.end('x')
  const { value } = await lines.next()
  const [, signal] = (await ended) as [number | null, NodeJS.Signals | null]
  if (tracer.exitCode === null) await once(tracer, 'close')
  const calls: string[] = []
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [, pid, call] = /^(\d+) +(\w+)\(/.exec(line) ?? []
    const isMain = Number(pid) === child.pid
    if (isMain && line.includes(' write(1, ')) break
    // What the pool calls besides is between it and the main thread.
    if (isMain || call === 'fsync') calls.push(call!)
  }
  return { signal, said: value as string | undefined, calls }
}

/** A get is a miss or exactly what was put before or now; a put heals, and no half file is left in sight. */
async function checkAfter(dir: string, { room, what, before }: Case, about: string): Promise<void> {
  const store = fsStore({ dir })
  const got = await store.get(room, PUT_ID)
  const whole = PAYLOADS[what]!
  if (before && got === undefined) assert.unreachable(`${about}: what was there is lost`)
  if (got && !(before && Buffer.compare(got, before) === 0)) same(got, whole)
  for (const { id } of await all(store.list(room))) assert.is(id, PUT_ID, about)
  await store.put(room, PUT_ID, whole, { replace: before !== undefined })
  same(await store.get(room, PUT_ID), whole)
}

const strace = spawnSync('strace', ['-V']).status === 0 && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
if (!strace) console.log('skipped: there is no strace that may trace (apt-get install strace)')

for (const one of strace ? CASES : []) {
  test(`${one.name}: killed at every system call, it is there or not, and the next put heals it`, async () => {
    const { dir } = await prepare(one)
    const { said, calls } = await traced(dir, one)
    assert.is(said, 'true')
    const counts = new Map<string, number>()
    for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1)
    assert.ok((counts.get('fsync') ?? 0) >= 2 && calls.length >= 10, calls.join())
    let kills = 0
    for (const [call, count] of counts) {
      for (let nth = 1; nth <= count; nth++) {
        const { dir } = await prepare(one)
        const about = `${call} ${nth} of ${count}`
        const { signal } = await traced(dir, one, `${call}:signal=KILL:when=${nth}`)
        assert.is(signal, 'SIGKILL', about)
        kills++
        await checkAfter(dir, one, about)
      }
    }
    assert.is(kills, calls.length)
  })

  const failures: readonly (readonly [call: string, error: string])[] = [
    ['openat', 'EMFILE'],
    ['fsync', 'EIO'],
    ['fsync', 'ENOSPC'],
    [one.replace ? 'rename' : 'link', 'EIO'],
    // Deflating and waiting for the disk are done by another thread, whose wake-up call is a write as well and would fail in its place. The disk is waited
    // for after the write, but in a new store, whose folders come first.
    ...(one.what === 'text' || one.what === 'stream' || (one.what === 'small' && one.before === undefined)
      ? []
      : (['EIO', 'ENOSPC'] as const).map((error) => [one.what === 'noise' ? 'writev' : 'write', error] as const)),
  ]
  for (const [call, error] of failures) {
    test(`${one.name}: ${error} of ${call} is told, and the next put works`, async () => {
      for (let nth = 1; ; nth++) {
        const { dir } = await prepare(one)
        const about = `${call} ${nth}`
        const { said, calls } = await traced(dir, one, `${call}:error=${error}:when=${nth}`)
        if (calls.filter((other) => other === call).length < nth) {
          assert.ok(nth > 1, `there is no ${call}`)
          break
        }
        assert.match(said!, new RegExp(`^MintmarkError: MM3002 cannot write .*: ${error}\\. `), about)
        if (existsSync(join(dir, 'v1/tmp'))) assert.equal(readdirSync(join(dir, 'v1/tmp')), [], about)
        await checkAfter(dir, one, about)
      }
    })
  }
}

if (!mounted) console.log('skipped: no disk may be mounted here, so none can be full')

if (mounted) {
  test('on a full disk a put says so, what is there stays, and with space puts work again', async () => {
    const store = fsStore({ dir: join(disk, 'store'), compression: 'none' })
    const ids: string[] = []
    const bytesOf = (id: string) => Buffer.alloc(20_000, id)
    let error: Error | undefined
    while (error === undefined) {
      const id = digestId(`${ids.length}`)
      try {
        await store.put('entries', id, bytesOf(id))
        ids.push(id)
      } catch {
        error = await rejects('MM3002', () => store.put('entries', id, bytesOf(id)))
      }
    }
    assert.match(error.message, /ENOSPC\. The disk is full/)
    assert.ok(ids.length > 5)
    assert.equal(readdirSync(join(disk, 'store/v1/tmp')), [])
    assert.equal(
      (await all(store.list('entries'))).map(({ id }) => id),
      [...ids].sort(),
    )
    for (const id of ids) same(await store.get('entries', id), bytesOf(id))
    await store.delete('entries', ids[0]!)
    assert.is(await store.put('entries', ids[0]!, bytesOf(ids[0]!)), true)
    same(await store.get('entries', ids[0]!), bytesOf(ids[0]!))
  })
}

test.run()
