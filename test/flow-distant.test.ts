// Flows on a store far away: how much is under way at once, and how often it is asked. Counted, never timed.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { pastRuns, runFlow } from '../runtime/main.js'
import { memoizeFunction } from '../runtime/memoize.js'
import type { StepMemoizeOptions } from '../runtime/options.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { stamped, stampedFunction } from './support/stamps.js'
import { distant, watched } from './support/stores.js'

const MS = 5
const LARGE = 10_000

interface Wide {
  readonly count: number
  readonly size?: number
  readonly options?: StepMemoizeOptions
  readonly during?: (input: number) => unknown
  /** At the end of the run. */
  readonly fails?: boolean
}

/** start -> work over the list (memoized) -> join -> end */
function wide({ count, size = 10, options = {}, during = () => {}, fails = false }: Wide) {
  class WideFlow extends FlowSpec {
    list: number[] = []
    out = ''
    length = 0
    first = ''
    declare input: number
    @step start() {
      this.list = Array.from({ length: count }, (_, index) => index)
      this.next(this.work, { foreach: 'list' })
    }
    @memoize(options) @step async work() {
      await during(this.input)
      this.out = String(this.input).padEnd(size, '.')
      this.next(this.join)
    }
    @step join(inputs: Inputs<WideFlow>) {
      this.length = inputs.reduce((sum, { out }) => sum + out.length, 0)
      this.first = inputs[0]!.out
      this.next(this.end)
    }
    @step end() {
      if (fails) throw new Error('as the test asked')
    }
  }
  return stamped(WideFlow, {
    start: { reads: [], next: { targets: ['work'], foreach: 'list' } },
    work: { reads: ['input'], writes: ['out'], next: { targets: ['join'] } },
    join: { joins: true, next: { targets: ['end'] } },
    end: { reads: [] },
  })
}

test('lookups are not held back by the workers', async () => {
  const memory = memoryStore()
  await runFlow(wide({ count: 300 }), { store: memory })
  const { store, most } = distant(memory, MS)
  const { counts } = await runFlow(wide({ count: 300 }), { store, maxWorkers: 2 })
  assert.is(counts.hit, 300)
  assert.ok(most['get entries']! >= 32, `at most ${most['get entries']} lookups at once`)
  assert.ok(most['get entries']! <= 66, `${most['get entries']} lookups at once`)
})

test('executions keep to the workers while lookups and puts go on beside them', async () => {
  const { store, most } = distant(memoryStore(), MS)
  let under = 0
  let workers = 0
  const during = async () => {
    workers = Math.max(workers, ++under)
    await new Promise((done) => setImmediate(done))
    under--
  }
  const { counts } = await runFlow(wide({ count: 300, during, size: 70_000 }), { store, maxWorkers: 3 })
  assert.equal([counts.run, workers], [303, 3])
  for (const call of ['get entries', 'put entries', 'put blobs']) assert.ok(most[call]! >= 16, `${call}: at most ${most[call]} at once`)
})

test('a store that answers at once is asked in the order of the tasks', async () => {
  const order = ['start', 'work[0]', 'work[1]', 'work[2]', 'join', 'end']
  assert.equal((await ran(wide({ count: 3 }), { store: memoryStore(), maxWorkers: 1 })).log, order)
})

test('a long step lets the hits behind it through', async () => {
  const memory = memoryStore()
  await runFlow(wide({ count: 100 }), { store: memory })
  for await (const { id } of memory.list('entries')) {
    await memory.delete('entries', id)
    break
  }
  let go = () => {}
  const gate = new Promise<void>((open) => {
    go = open
  })
  let hits = 0
  const { store } = distant(memory, MS)
  const { counts } = await runFlow(wide({ count: 100, during: () => gate }), {
    store,
    maxWorkers: 1,
    onEvent: (event) => {
      if (event.kind === 'task:done' && event.how === 'hit' && ++hits === 99) go()
    },
  })
  assert.equal([counts.hit, hits], [99, 99])
})

test('interrupted, a run begins no step, whatever has been looked up', async () => {
  const { store } = distant(memoryStore(), MS)
  const stop = new AbortController()
  let executed = 0
  const during = () => {
    executed++
    stop.abort()
    return new Promise((done) => setTimeout(done, 4 * MS))
  }
  const { error } = await told(wide({ count: 100, during }), { store, maxWorkers: 2, signal: stop.signal })
  assert.match(String(error), /MM4020/)
  assert.ok(executed <= 2, `${executed} executed`)
})

test('what waits for the same result elsewhere takes no worker', async () => {
  const { store } = distant(memoryStore(), 0)
  let under = 0
  let workers = 0
  class Same extends FlowSpec {
    list = [1, 1, 1, 2]
    declare input: number
    @step start() {
      this.next(this.work, { foreach: 'list' })
    }
    @memoize @step async work() {
      workers = Math.max(workers, ++under)
      await new Promise((done) => setTimeout(done, 10))
      under--
      this.next(this.join)
    }
    @step join(_inputs: Inputs<Same>) {
      this.next(this.end)
    }
    @step end() {}
  }
  const stamps = { start: { next: { targets: ['work'], foreach: 'list' } }, work: { reads: ['input'] }, join: { joins: true }, end: {} }
  await runFlow(stamped(Same, stamps), { store, maxWorkers: 2 })
  assert.is(workers, 2)
})

test('no more is claimed than is executed, so that another machine finds something to do', async () => {
  const memory = memoryStore()
  const { store } = distant(memory, MS)
  let most = 0
  const during = async () => {
    let claims = 0
    for await (const _claim of memory.list('claims')) claims++
    most = Math.max(most, claims)
    await new Promise((done) => setTimeout(done, MS))
  }
  const { counts } = await runFlow(wide({ count: 100, during }), { store, maxWorkers: 2 })
  assert.is(counts.run, 103)
  // A claim is given back when its result is stored; that one waits no more for a worker.
  assert.ok(most >= 1 && most <= 2 + 2 * 3, `${most} claims at once`)
})

test('a hit is one read and no write, a miss without claims one read and one write, though the artifact is too large for a record', async () => {
  const memory = memoryStore()
  const first = watched(memory)
  await runFlow(wide({ count: 20, size: LARGE, options: { wait: 0 } }), { store: first.store })
  const tally = (calls: readonly string[]) =>
    ['get entries', 'put entries', 'get blobs', 'put blobs'].map((call) => calls.filter((one) => one === call).length)
  // The blob is what the run itself leaves.
  assert.equal(tally(first.calls), [20, 20, 0, 1])
  const { store, calls } = watched(memory)
  const { counts, artifacts } = await runFlow(wide({ count: 20, size: LARGE }), { store })
  assert.equal([counts.hit, artifacts.length], [20, 20 * LARGE])
  assert.equal(tally(calls), [20, 0, 0, 1])
})

test('a resumed run takes over what was a hit, past its ttl and without its blob', async () => {
  const memory = memoryStore()
  const options = { ttl: 60_000 }
  await runFlow(wide({ count: 5, size: LARGE, options }), { store: memory })
  for await (const { id } of memory.list('blobs')) await memory.delete('blobs', id)
  const failed = await told(wide({ count: 5, size: LARGE, options, fails: true }), { store: memory })
  assert.is(failed.log.filter((line) => line.endsWith(' hit')).length, 5)
  const now = Date.now
  Date.now = () => now() + 120_000
  try {
    const { log } = await ran(wide({ count: 5, size: LARGE, options }), { store: memory, resume: true })
    assert.is(log.filter((line) => /^work.* resumed$/.test(line)).length, 5)
  } finally {
    Date.now = now
  }
})

test('what a run leaves is in the store by itself, though it came with a hit', async () => {
  const memory = memoryStore()
  await runFlow(wide({ count: 2, size: LARGE }), { store: memory })
  for await (const { id } of memory.list('blobs')) await memory.delete('blobs', id)
  const Flow = wide({ count: 2, size: LARGE })
  await runFlow(Flow, { store: memory })
  for await (const { id } of memory.list('entries')) await memory.delete('entries', id)
  for await (const run of pastRuns(Flow, { store: memory })) {
    assert.is(((await run.artifacts()) as { first: string }).first.length, LARGE)
    break
  }
})

test('a join fetches what its branches left at once', async () => {
  const memory = memoryStore()
  const size = 100_000
  await runFlow(wide({ count: 60, size }), { store: memory })
  const { store, most } = distant(memory, MS)
  const { counts } = await runFlow(wide({ count: 60, size }), { store, maxWorkers: 2 })
  assert.is(counts.hit, 60)
  assert.ok(most['get blobs']! >= 16, `at most ${most['get blobs']} at once`)
})

test('the journal and finished items do not keep the work waiting', async () => {
  const { store, calls, most } = distant(memoryStore(), 20)
  class Pieces extends FlowSpec {
    sum = 0
    @step async start() {
      const results = await this.resumable(
        Array.from({ length: 200 }, (_, index) => index),
        (index) => index,
      )
      this.sum = results.reduce((a, b) => a + b, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  const { artifacts } = await runFlow(stamped(Pieces, { start: {}, end: {} }), { store })
  assert.is(artifacts.sum, 19_900)
  const puts = calls.filter((call) => call === 'put runs').length
  assert.ok(puts < 100, `${puts} puts for 200 items`)
  assert.ok(most['put runs']! <= 9, `${most['put runs']} at once`)
})

test('calls of a memoized function are looked up side by side', async () => {
  const { store, most } = distant(memoryStore(), MS)
  const double = memoizeFunction(
    stampedFunction(async (n: number) => 2 * n, 'double'),
    { store },
  )
  const inputs = Array.from({ length: 200 }, (_, n) => n)
  await Promise.all(inputs.map((n) => double(n)))
  assert.is(most['get entries'], 200)
})

test.run()
