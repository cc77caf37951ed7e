// What was made while the shared store was away comes there later: with the next put that it takes, at the end of a run, by another process.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../../runtime/decorators.js'
import type { FlowEvent } from '../../runtime/events.js'
import { FlowSpec } from '../../runtime/flow.js'
import { runFlow } from '../../runtime/main.js'
import type { Room, Store } from '../../runtime/store.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { memoryStore } from '../../runtime/stores/memory.js'
import { OWED_FOLDER, UNDER_WAY_FOLDER } from '../../runtime/stores/owed.js'
import { type TieredOptions, tieredStore } from '../../runtime/stores/tiered.js'
import { forgetWarnings, listenToWarnings } from '../../runtime/warnings.js'
import { BEHIND_KILLED, FIRST, SECOND } from '../support/behind-killed.js'
import { idsOf } from '../support/kept.js'
import { stamped } from '../support/stamps.js'
import { digestId, same } from '../support/store-conformance.js'
import { frail, watched } from '../support/stores.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-owed-'))
const warnings: string[] = []
const quiet = listenToWarnings(({ message }) => warnings.push(message))
test.after(() => {
  quiet()
  rmSync(top, { recursive: true, force: true })
})
test.before.each(() => {
  forgetWarnings()
  warnings.length = 0
})

const BYTES = Buffer.from('bytes')
const [A, B] = [digestId('a'), digestId('b')]

let count = 0
/** A folder in front of a store that may be away; `machine` opens the two anew, as another process does. */
function place(options: Partial<TieredOptions> = {}) {
  const dir = join(top, String(count++))
  const shared = memoryStore()
  const far = frail(shared)
  const machine = (behind: Store = far) => tieredStore({ local: fsStore({ dir, durability: 'none' }), shared: behind, ...options })
  const notes = async () =>
    (await idsOf(fsStore({ dir }), 'runs')).filter((id) => id.startsWith(OWED_FOLDER) && !id.startsWith(UNDER_WAY_FOLDER))
  return { dir, shared, far, machine, notes }
}

function flow() {
  class Large extends FlowSpec {
    out = ''
    @memoize @step start() {
      this.out = 'x'.repeat(100_000)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Large, { start: { writes: ['out'], next: { targets: ['end'] } }, end: { reads: [] } })
}

for (const write of ['through', 'behind'] as const) {
  test(`${write}: what a run made while the shared store was away is there after the next one, and told`, async () => {
    const { shared, far, machine, notes } = place({ write })
    far.down = true
    const first = machine()
    await runFlow(flow(), { store: first })
    await first.close()
    assert.equal([await idsOf(shared, 'entries'), warnings.length], [[], 1])
    const owed = (await notes()).length
    assert.ok(owed >= 3)
    far.down = false
    const events: FlowEvent[] = []
    const second = machine()
    await runFlow(flow(), { store: second, onEvent: (event) => events.push(event) })
    const told = events.filter((event) => event.kind === 'store:flush' || event.kind === 'store:flushed').slice(-2)
    const store = told[0]?.kind === 'store:flush' ? told[0].store : ''
    assert.equal(told, [
      { kind: 'store:flush', store, pending: owed },
      { kind: 'store:flushed', store, written: owed, failed: 0 },
    ])
    assert.equal(await notes(), [])
    await second.close()
    // Another machine, and the runs of both are known.
    const other = tieredStore({ local: memoryStore(), shared })
    assert.is((await runFlow(flow(), { store: other })).counts.hit, 1)
    assert.is((await idsOf(shared, 'runs')).filter((id) => id.endsWith('/run')).length, 3)
    await other.close()
  })

  test(`${write}: the next put that is taken brings what came before it`, async () => {
    const { shared, far, machine, notes } = place({ write })
    const store = machine()
    far.down = true
    await store.put('blobs', A, BYTES)
    await store.put('entries', A, BYTES)
    while (store.pending() > 0) await new Promise((later) => setTimeout(later, 1))
    assert.equal((await notes()).length, 2)
    far.down = false
    await store.put('entries', B, BYTES)
    await store.close()
    assert.equal([await idsOf(shared, 'blobs'), await idsOf(shared, 'entries')], [[A], [A, B].sort()])
    assert.equal(await notes(), [])
  })
}

test('a replacement replaces what the shared store has, anything else gives way to it', async () => {
  const { shared, far, machine } = place()
  await shared.put('entries', A, Buffer.from('of another machine'))
  await shared.put('entries', B, Buffer.from('of another machine'))
  far.down = true
  const store = machine()
  await store.put('entries', A, BYTES)
  await store.put('entries', B, BYTES, { replace: true })
  far.down = false
  assert.equal(await store.flush(), { written: 2, failed: 0 })
  same(await shared.get('entries', A), Buffer.from('of another machine'))
  same(await shared.get('entries', B), BYTES)
  await store.close()
})

test('no entry goes before its blobs: as long as one is refused they wait, and nothing is lost', async () => {
  const { shared, far, machine, notes } = place()
  far.down = true
  const store = machine()
  for (const room of ['entries', 'blobs'] as const) await store.put(room, A, BYTES)
  await store.close()
  const order: Room[] = []
  let refuses = true
  const choosy: Store = {
    ...shared,
    async put(room, id, bytes, options) {
      if (room === 'blobs' && refuses) throw new Error('refused')
      order.push(room)
      return shared.put(room, id, bytes, options)
    },
  }
  const later = machine(choosy)
  assert.equal(await later.flush(), { written: 0, failed: 1 })
  assert.equal([order, (await notes()).length], [[], 2])
  refuses = false
  assert.equal(await later.flush(), { written: 2, failed: 0 })
  assert.equal([order, await notes()], [['blobs', 'entries'], []])
  await later.close()
})

test('at the end of a run and on close no more is brought than may wait, and the rest later', async () => {
  const { shared, far, machine, notes } = place({ queueBytes: 1000 })
  far.down = true
  const store = machine()
  for (let n = 0; n < 30; n++) await store.put('blobs', digestId(`${n}`), Buffer.alloc(500))
  await store.close()
  far.down = false
  await machine().close()
  const brought = (await idsOf(shared, 'blobs')).length
  assert.ok(brought > 0 && brought < 30, `${brought}`)
  assert.is((await notes()).length, 30 - brought)
  assert.equal(await machine().flush(), { written: 30 - brought, failed: 0 })
})

test('many processes may bring the same at once, and what is noted meanwhile stays noted', async () => {
  const { shared, far, machine, notes } = place()
  far.down = true
  const store = machine()
  const ids = Array.from({ length: 40 }, (_, n) => digestId(`${n}`))
  for (const id of ids) await store.put('entries', id, BYTES)
  far.down = false
  const next = Buffer.from('next')
  let again = false
  const slow: Store = {
    ...shared,
    async put(room, id, bytes, options) {
      const stored = await shared.put(room, id, bytes, options)
      if (!again) {
        again = true
        // Of another process that cannot reach the shared store.
        far.down = true
        await machine().put('entries', id, next, { replace: true })
        far.down = false
      }
      return stored
    },
  }
  await Promise.all([machine(slow), machine(), machine()].map((each) => each.flush()))
  assert.equal([await idsOf(shared, 'entries'), (await notes()).length <= 1], [[...ids].sort(), true])
  await machine().flush()
  const got = await Promise.all(ids.map(async (id) => String(Buffer.from((await shared.get('entries', id))!))))
  assert.equal([got.filter((text) => text === 'next').length, await notes()], [1, []])
})

test('what is gone from the local store is not brought, and nothing is asked of a store that is away', async () => {
  const { dir, shared, far, machine, notes } = place()
  far.down = true
  const store = machine()
  await store.put('entries', A, BYTES)
  await fsStore({ dir }).delete('entries', A)
  const { store: counted, calls } = watched(far)
  const later = machine(counted)
  await later.put('entries', B, BYTES)
  calls.length = 0
  await later.close()
  assert.equal(calls, [])
  far.down = false
  await machine().flush()
  assert.equal([await idsOf(shared, 'entries'), await notes()], [[B], []])
})

test('what waited in a process that was killed is brought by the next one, and only once', async () => {
  const [dir, far] = [join(top, String(count++)), join(top, String(count++))]
  const shared = fsStore({ dir: far, durability: 'none' })
  const long = digestId('long before')
  await fsStore({ dir }).put('entries', long, BYTES)
  await shared.put('entries', SECOND, Buffer.from('what is refreshed'))
  await shared.put('runs', 'Flow/1/run', Buffer.from('older'))
  await new Promise((later) => setTimeout(later, 20))
  const child = spawn(process.execPath, [BEHIND_KILLED, dir, far], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  // It lives, and nobody else takes its work, but for what is noted by itself.
  const { store: counted, calls } = watched(shared)
  const meanwhile = tieredStore({ local: fsStore({ dir }), shared: counted, write: 'behind' })
  await meanwhile.close()
  assert.equal(
    calls.filter((call) => call.startsWith('put')),
    ['put entries (replace)'],
  )
  child.kill('SIGKILL')
  await ended
  const next = tieredStore({ local: fsStore({ dir }), shared, write: 'behind' })
  assert.equal(await next.flush(), { written: 4, failed: 0 })
  assert.equal(await next.flush(), { written: 0, failed: 0 })
  assert.equal([await idsOf(shared, 'blobs'), await idsOf(shared, 'entries')], [[FIRST], [FIRST, SECOND].sort()])
  same(await shared.get('entries', SECOND), Buffer.from('refreshed'))
  same(await shared.get('runs', 'Flow/1/run'), Buffer.from('record'))
  await next.close()
  assert.equal(
    (await idsOf(fsStore({ dir }), 'runs')).filter((id) => id.startsWith(OWED_FOLDER)),
    [],
  )
})

test('when the local store fails, too, bringing does nothing and fails nothing', async () => {
  const near = frail(memoryStore())
  const store = tieredStore({ local: near, shared: memoryStore() })
  near.down = true
  assert.equal(await store.flush(), { written: 0, failed: 0 })
  await store.close()
})

test.run()
