// Two stores as one: the conformance suite over memory and a folder, and what becomes of either tier's troubles.

import { rejects as rejected } from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../../runtime/decorators.js'
import type { FlowEvent } from '../../runtime/events.js'
import { FlowSpec } from '../../runtime/flow.js'
import { runFlow } from '../../runtime/main.js'
import { memoizeFunction } from '../../runtime/memoize.js'
import type { Store } from '../../runtime/store.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { memoryStore } from '../../runtime/stores/memory.js'
import { type TieredOptions, tieredStore } from '../../runtime/stores/tiered.js'
import { forgetWarnings, listenToWarnings, type Warning } from '../../runtime/warnings.js'
import { stamped, stampedFunction } from '../support/stamps.js'
import { all, conformance, digestId, rejects, same } from '../support/store-conformance.js'
import { frail, watched } from '../support/stores.js'

const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-tiered-'))
let warnings: Warning[] = []
const quiet = listenToWarnings((warning) => warnings.push(warning))
test.after(() => {
  quiet()
  rmSync(dir, { recursive: true, force: true })
})
test.before.each(() => {
  forgetWarnings()
  warnings = []
})

for (const write of ['through', 'behind'] as const) {
  const memory = memoryStore()
  const folder = path.join(dir, write)
  conformance(() => tieredStore({ local: memory, shared: fsStore({ dir: folder, durability: 'none' }), write }))
}

const BYTES = Buffer.from('bytes')
const ID = digestId('one')

/** A store that takes what is put after a wait. */
function slow(inner: Store, wait: () => Promise<unknown>): Store {
  return {
    ...inner,
    async put(room, id, bytes, options) {
      await wait()
      return inner.put(room, id, bytes, options)
    },
  }
}

const aMoment = () => new Promise((later) => setTimeout(later, 20))

function tiers(options: Partial<TieredOptions> = {}) {
  const local = memoryStore()
  const shared = memoryStore()
  const [near, far] = [frail(local), frail(shared)]
  return { local, shared, near, far, store: tieredStore({ local: near, shared: far, ...options }) }
}

test('what is read from the shared store is kept in the local one, and read from there next time', async () => {
  const { local, shared } = tiers()
  const { store: counted, calls } = watched(shared)
  const store = tieredStore({ local, shared: counted })
  for (const room of ['entries', 'blobs'] as const) {
    await shared.put(room, ID, BYTES)
    same(await store.get(room, ID), BYTES)
    same(await store.get(room, ID), BYTES)
    same(await local.get(room, ID), BYTES)
  }
  assert.equal(calls, ['get entries', 'get blobs'])
})

test('the record of a run is not copied: it changes where the run is', async () => {
  const { local, shared, store } = tiers()
  await shared.put('runs', 'Flow/1/run', Buffer.from('running'))
  same(await store.get('runs', 'Flow/1/run'), Buffer.from('running'))
  await shared.put('runs', 'Flow/1/run', Buffer.from('done'), { replace: true })
  same(await store.get('runs', 'Flow/1/run'), Buffer.from('done'))
  assert.is(await local.get('runs', 'Flow/1/run'), undefined)
})

test('claims are in the shared store alone', async () => {
  const { local, shared, store } = tiers()
  await store.put('claims', ID, BYTES)
  same(await shared.get('claims', ID), BYTES)
  assert.is(await local.get('claims', ID), undefined)
  assert.equal((await all(store.list('claims'))).length, 1)
  await store.delete('claims', ID)
  assert.is(await store.get('claims', ID), undefined)
})

for (const write of ['through', 'behind'] as const) {
  test(`${write}: puts, replacements and removals come to both`, async () => {
    const { local, shared, store } = tiers({ write })
    assert.is(await store.put('entries', ID, BYTES), true)
    await store.flush()
    for (const tier of [local, shared]) same(await tier.get('entries', ID), BYTES)
    assert.is(await store.put('entries', ID, Buffer.from('next'), { replace: true }), true)
    assert.is(await store.put('entries', ID, Buffer.from('last'), { replace: true }), true)
    await store.flush()
    for (const tier of [local, shared]) same(await tier.get('entries', ID), Buffer.from('last'))
    await store.put('entries', ID, Buffer.from('again'), { replace: true })
    await store.delete('entries', ID)
    for (const tier of [local, shared]) assert.is(await tier.get('entries', ID), undefined)
  })

  test(`${write}: of two machines with one shared store one wins there, and both get a whole one`, async () => {
    const shared = memoryStore()
    const machines = [0, 1].map(() => tieredStore({ local: memoryStore(), shared, write }))
    const told = await Promise.all(machines.map((store, n) => store.put('entries', ID, Buffer.from(`writer ${n}`))))
    for (const store of machines) await store.flush()
    const there = String(Buffer.from((await shared.get('entries', ID))!))
    for (const [n, store] of machines.entries()) {
      const got = String(Buffer.from((await store.get('entries', ID))!))
      assert.is(got, write === 'through' ? there : `writer ${n}`)
    }
    assert.is(told.filter(Boolean).length, write === 'through' ? 1 : 2)
  })

  test(`${write}: while the shared store is down all goes on in the local one, with one warning`, async () => {
    const { local, far, store } = tiers({ write })
    far.down = true
    assert.is(await store.get('entries', ID), undefined)
    assert.is(await store.put('entries', ID, BYTES), true)
    assert.is(await store.put('blobs', ID, BYTES), true)
    await store.put('runs', 'Flow/1', BYTES)
    await store.flush()
    same(await store.get('entries', ID), BYTES)
    same(await local.get('entries', ID), BYTES)
    assert.equal(
      (await all(store.list('runs'))).map(({ id }) => id),
      ['Flow/1'],
    )
    assert.is(warnings.length, 1)
    assert.match(warnings[0]!.message, /tiers, frail, failed: Error: it is down\. frail goes on alone/)
    // What would be half done is an error.
    await rejected(() => store.delete('entries', ID))
    await rejected(() => all(store.list('entries')))
  })

  test(`${write}: while the local store is down all goes on in the shared one, with one warning`, async () => {
    const { shared, near, store } = tiers({ write })
    near.down = true
    assert.is(await store.put('entries', ID, BYTES), true)
    same(await shared.get('entries', ID), BYTES)
    same(await store.get('entries', ID), BYTES)
    assert.is(await store.get('blobs', ID), undefined)
    assert.is(warnings.length, 1)
  })

  test(`${write}: when both are down it rejects`, async () => {
    const { near, far, store } = tiers({ write })
    near.down = far.down = true
    await rejected(() => store.get('entries', ID), /it is down/)
    await rejected(() => store.put('entries', ID, BYTES), /it is down/)
  })
}

test('lists are merged in order, each id once', async () => {
  const { local, shared, store } = tiers()
  for (const id of ['a', 'c', 'd', 'f']) await local.put('runs', `R/${id}`, BYTES)
  for (const id of ['b', 'c', 'e', 'f', 'g']) await shared.put('runs', `R/${id}`, BYTES)
  assert.equal((await all(store.list('runs', 'R/'))).map(({ id }) => id.slice(2)).join(''), 'abcdefg')
})

test('a damaged local copy heals from the shared store', async () => {
  const shared = memoryStore()
  const folder = path.join(dir, 'healing')
  const store = tieredStore({ local: fsStore({ dir: folder, durability: 'none' }), shared })
  await store.put('entries', ID, BYTES)
  const file = path.join(folder, 'v1', 'entries', ID.slice(0, 2), ID)
  assert.ok(readdirSync(path.dirname(file)).length > 0)
  writeFileSync(file, 'damage')
  same(await store.get('entries', ID), BYTES)
  same(await fsStore({ dir: folder }).get('entries', ID), BYTES)
})

test('behind: an entry goes after the blobs that were put before it, and not at all when one of them did not go', async () => {
  const order: string[] = []
  const inner = memoryStore()
  const bad = digestId('bad blob')
  const shared: Store = {
    ...inner,
    async put(room, id, bytes, options) {
      await new Promise((later) => setTimeout(later, room === 'blobs' ? 20 : 0))
      order.push(room)
      if (id === bad) throw new Error('refused')
      return inner.put(room, id, bytes, options)
    },
  }
  const store = tieredStore({ local: memoryStore(), shared, write: 'behind' })
  await store.put('blobs', digestId('blob'), BYTES)
  await store.put('entries', digestId('entry'), BYTES)
  assert.is(store.pending(), 2)
  assert.equal(await store.flush(), { written: 2, failed: 0 })
  assert.equal(order, ['blobs', 'entries'])
  await store.put('blobs', bad, BYTES)
  await store.put('entries', digestId('dangling'), BYTES)
  assert.equal(await store.flush(), { written: 0, failed: 2 })
  assert.is(await inner.get('entries', digestId('dangling')), undefined)
  // Asked again, and refused again.
  assert.equal(await store.flush(), { written: 0, failed: 1 })
  assert.is(await inner.get('entries', digestId('dangling')), undefined)
})

test('behind: no more bytes wait than may', async () => {
  let open = () => {}
  const gate = new Promise<void>((go) => {
    open = go
  })
  const inner = memoryStore()
  const shared = slow(inner, () => gate)
  const store = tieredStore({ local: memoryStore(), shared, write: 'behind', queueBytes: 1000 })
  let done = 0
  const puts = Array.from({ length: 5 }, (_, n) => store.put('blobs', digestId(`${n}`), Buffer.alloc(400)).then(() => done++))
  await new Promise((later) => setTimeout(later, 20))
  assert.equal([done, store.pending()], [2, 2])
  open()
  await Promise.all(puts)
  assert.equal(await store.flush(), { written: 5, failed: 0 })
})

test('behind: close waits for what is under way', async () => {
  const inner = memoryStore()
  const shared = slow(inner, aMoment)
  const store = tieredStore({ local: memoryStore(), shared, write: 'behind' })
  await store.put('entries', ID, BYTES)
  assert.is(await inner.get('entries', ID), undefined)
  await store.close()
  same(await inner.get('entries', ID), BYTES)
})

function flow() {
  class Small extends FlowSpec {
    out = ''
    @memoize @step start() {
      this.out = 'x'.repeat(100_000)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Small, { start: { writes: ['out'], next: { targets: ['end'] } }, end: { reads: [] } })
}

test('behind: at the end of a run all is in the shared store, and told; another machine hits', async () => {
  const shared = memoryStore()
  const events: FlowEvent[] = []
  await runFlow(flow(), {
    store: tieredStore({ local: memoryStore(), shared: slow(shared, aMoment), write: 'behind' }),
    onEvent: (event) => events.push(event),
  })
  const kinds = events.map(({ kind }) => kind)
  assert.equal(kinds.slice(-3), ['store:flush', 'store:flushed', 'run:end'])
  const flushed = events.find((event) => event.kind === 'store:flushed')
  assert.ok(flushed?.kind === 'store:flushed' && flushed.written >= 3 && flushed.failed === 0)
  const { counts } = await runFlow(flow(), { store: tieredStore({ local: memoryStore(), shared }) })
  assert.is(counts.hit, 1)
})

for (const write of ['through', 'behind'] as const)
  test(`${write}: a run over a shared store that is down ends well, hits from the local one afterwards, and warns once`, async () => {
    const { far, store } = tiers({ write })
    far.down = true
    assert.is((await runFlow(flow(), { store, strict: true })).counts.run, 2)
    assert.is((await runFlow(flow(), { store, strict: true })).counts.hit, 1)
    assert.is(warnings.length, 1)
  })

test('age counts from the creation of the entry, wherever it is; past it, what another machine made anew is taken', async () => {
  const shared = memoryStore()
  const runs: string[] = []
  const on = (name: string) => {
    const store = tieredStore({ local: memoryStore(), shared })
    return memoizeFunction(
      stampedFunction(async (n: number) => {
        runs.push(name)
        return n
      }, 'aged'),
      { store, ttl: 1000 },
    )
  }
  const [a, b] = [on('a'), on('b')]
  const began = Date.now()
  const clock = Date.now
  try {
    await a(1)
    Date.now = () => began + 900
    await b(1) // comes to b's local store late in its life
    assert.equal(runs, ['a'])
    Date.now = () => began + 2000
    await b(1)
    assert.equal(runs, ['a', 'b'])
    await a(1) // a's own is past its ttl, b's is not
    await a(1)
    assert.equal(runs, ['a', 'b'])
    Date.now = () => began + 2900
    await a(1)
    assert.equal(runs, ['a', 'b'])
    Date.now = () => began + 3100
    await a(1)
    assert.equal(runs, ['a', 'b', 'a'])
  } finally {
    Date.now = clock
  }
})

test('a hostile id is refused before either tier is asked', async () => {
  const { near, far, store } = tiers()
  near.down = far.down = true
  await rejects('MM3001', () => store.get('entries', '../x'))
  assert.is(store.name, 'frail + frail')
})

test.run()
