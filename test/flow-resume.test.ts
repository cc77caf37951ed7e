import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, retry, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { pastRuns } from '../runtime/main.js'
import type { RetryOptions } from '../runtime/options.js'
import { parameter } from '../runtime/parameters.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { type StepStamps, stamped } from './support/stamps.js'

interface Plan {
  /** Items that fail. */
  bad?: readonly number[]
  stamps?: StepStamps
}

function resumed({ bad = [], stamps = {} }: Plan = {}) {
  class Resumed extends FlowSpec {
    @parameter() size = 4
    list: number[] = []
    out = 0
    total = 0
    declare input: number

    @step start() {
      this.list = Array.from({ length: this.size }, (_, index) => index)
      this.next(this.work, { foreach: 'list' })
    }
    @step work() {
      if (bad.includes(this.input)) throw new Error(`bad ${this.input}`)
      this.out = this.input * 2
      this.next(this.after)
    }
    @step after() {
      this.next(this.join)
    }
    @step join(inputs: Inputs<Resumed>) {
      this.total = inputs.reduce((sum, { out }) => sum + out, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Resumed, {
    start: { reads: ['size'] },
    work: { reads: ['input'] },
    after: { reads: [] },
    join: {},
    end: { reads: [] },
    ...stamps,
  })
}

test('a failed item does not keep its siblings from finishing, and its own error is thrown on', async () => {
  const { log, error } = await told(resumed({ bad: [1] }), { store: memoryStore() })
  assert.equal(log, ['start', 'work[0]', 'after[0]', 'work[1] failed', 'work[2]', 'after[2]', 'work[3]', 'after[3]'])
  assert.is((error as Error).message, 'bad 1')
})

test('a flow whose class a minifier has renamed goes on with the runs of the one in the sources', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [1] }), { store })
  const Minified = Object.defineProperty(resumed(), 'name', { value: 'e' })
  const { log } = await ran(Minified, { store, resume: true })
  assert.equal(
    log.filter((task) => !task.endsWith('resumed')),
    ['work[1]', 'after[1]', 'join', 'end'],
  )
  const flows: string[] = []
  for await (const { flow } of pastRuns(Minified, { store })) flows.push(flow)
  assert.equal(flows, ['Resumed', 'Resumed'])
})

test('a resumed run executes only what had not succeeded', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [1] }), { store })
  const { log, artifacts } = await ran(resumed(), { store, resume: true })
  const done = (index: number) => [`work[${index}] resumed`, `after[${index}] resumed`]
  assert.equal(log, ['start resumed', ...done(0), 'work[1]', 'after[1]', ...done(2), ...done(3), 'join', 'end'])
  assert.is(artifacts.total, 12)
})

test('a run that fails again when resumed can be resumed again', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [1, 2] }), { store })
  assert.match(String((await told(resumed({ bad: [2] }), { store, resume: true })).error), /bad 2/)
  const { log } = await ran(resumed(), { store, resume: true })
  assert.equal(
    log.filter((task) => !task.endsWith('resumed')),
    ['work[2]', 'after[2]', 'join', 'end'],
  )
})

test('a resumed run executes what changed, and nothing of what did not', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [3] }), { store })
  const after = await ran(resumed({ stamps: { after: { code: 'other', reads: [] } } }), { store, resume: true })
  assert.equal(after.log.slice(0, 5), ['start resumed', 'work[0] resumed', 'after[0]', 'work[1] resumed', 'after[1]'])
  await told(resumed({ bad: [3] }), { store })
  const work = await ran(resumed({ stamps: { work: { code: 'other', reads: ['input'] } } }), { store, resume: true })
  assert.equal(work.log.slice(0, 3), ['start resumed', 'work[0]', 'after[0] resumed'])
})

test('a resumed run keeps its parameters, and a new one executes what reads it', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [1] }), { store, parameters: { size: 2 } })
  assert.is((await ran(resumed(), { store, resume: true })).artifacts.total, 2)
  await told(resumed({ bad: [1] }), { store, parameters: { size: 2 } })
  const { log, artifacts } = await ran(resumed(), { store, resume: true, parameters: { size: 3 } })
  assert.is(artifacts.total, 6)
  assert.equal(log.slice(0, 3), ['start', 'work[0] resumed', 'after[0] resumed'])
})

test('a step that is forced is not taken over', async () => {
  const store = memoryStore()
  await told(resumed({ bad: [1] }), { store })
  const { log } = await ran(resumed(), { store, resume: true, force: ['after'] })
  assert.equal(log.slice(0, 3), ['start resumed', 'work[0] resumed', 'after[0]'])
})

test('without a stamp nothing is taken over', async () => {
  const store = memoryStore()
  class Plain extends FlowSpec {
    static fail = true
    @step start() {
      this.next(this.end)
    }
    @step end() {
      if (Plain.fail) throw new Error('bad')
    }
  }
  await told(Plain, { store })
  Plain.fail = false
  assert.equal((await ran(Plain, { store, resume: true })).log, ['start', 'end'])
})

test('a run to resume must be there and must not be done', async () => {
  const store = memoryStore()
  await ran(resumed(), { store })
  assert.match(String((await told(resumed(), { store, resume: true })).error), /MM5015 Resumed has no run in memory that failed/)
  for (const resume of ['missing', '../x', '']) assert.match(String((await told(resumed(), { store, resume })).error), /MM5015/)
})

test('an interrupted run finishes what is under way, starts nothing else and can be resumed', async () => {
  const store = memoryStore()
  const interrupt = new AbortController()
  class Interrupted extends FlowSpec {
    list = [0, 1, 2, 3]
    @step start() {
      this.next(this.work, { foreach: 'list' })
    }
    @step async work() {
      if (this.index === 1) interrupt.abort()
      await new Promise((resolve) => setImmediate(resolve))
      this.next(this.join)
    }
    @step join(_inputs: Inputs<Interrupted>) {
      this.next(this.end)
    }
    @step end() {}
  }
  const flow = stamped(Interrupted, { start: {}, work: {}, join: {}, end: {} })
  const { log, error } = await told(flow, { store, signal: interrupt.signal, maxWorkers: 2 })
  assert.equal(log, ['start', 'work[0]', 'work[1]'])
  assert.match(String(error), /MM4020 .*`resume /)
  const again = await ran(flow, { store, resume: true })
  assert.equal(again.log, ['start resumed', 'work[0] resumed', 'work[1] resumed', 'work[2]', 'work[3]', 'join', 'end'])
})

function retried(options: RetryOptions, failures: number) {
  class Retried extends FlowSpec {
    touched = 0
    attempts: number[] = []
    @step start() {
      this.next(this.work)
    }
    @retry(options) @step work() {
      this.touched++
      if (this.attempt < failures) throw new Error(`attempt ${this.attempt}`)
      this.attempts = [this.attempt, this.touched]
      this.next(this.end)
    }
    @step end() {}
  }
  return Retried
}

test('a step is tried again with fresh artifacts, and its last error is thrown on', async () => {
  const delays: number[] = []
  const delay = (count: number) => {
    delays.push(count)
    return 1
  }
  const { artifacts, events } = await ran(retried({ times: 2, delay }, 2), { store: memoryStore() })
  assert.equal([artifacts.attempts, delays, events.filter(({ kind }) => kind === 'task:retry').length], [[2, 1], [1, 2], 2])
  const { error } = await told(retried({ times: 1 }, 5), { store: memoryStore() })
  assert.is((error as Error).message, 'attempt 1')
})

interface ItemPlan {
  readonly bad?: unknown
  readonly items?: readonly unknown[]
  readonly code?: string
  readonly times?: number
  readonly memoized?: boolean
}

/** A flow whose one step works on items; `worked` tells on which. */
function itemwise({ bad, items = ['a', 'b', 'c'], code = 'work', times = 0, memoized = false }: ItemPlan, worked: unknown[]) {
  let failing = bad
  class Itemwise extends FlowSpec {
    static memoize = memoized
    items = [...items]
    results: unknown[] = []
    @step start() {
      this.next(this.work)
    }
    @retry({ times }) @step async work() {
      this.results = await this.resumable(this.items, async (item, index) => {
        worked.push(item)
        if (item === failing) {
          failing = undefined
          throw new Error(`bad ${item}`)
        }
        return `${item}${index}`
      })
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Itemwise, { start: {}, work: { code }, end: {} })
}

const items: readonly [title: string, first: ItemPlan, then: ItemPlan, resume: boolean, worked: readonly unknown[]][] = [
  ['a retry works on the unfinished items', { bad: 'b', times: 1 }, {}, false, ['a', 'b', 'b', 'c', '|', 'a', 'b', 'c']],
  ['a resumed run works on the unfinished items', { bad: 'c' }, {}, true, ['a', 'b', 'c', '|', 'c']],
  ['a new run of a step that is not memoized begins anew', { bad: 'c' }, {}, false, ['a', 'b', 'c', '|', 'a', 'b', 'c']],
  ['a new run of a memoized step goes on', { bad: 'c', memoized: true }, { memoized: true }, false, ['a', 'b', 'c', '|', 'c']],
  ['changed code works on all items', { bad: 'c' }, { code: 'other' }, true, ['a', 'b', 'c', '|', 'a', 'b', 'c']],
  ['changed inputs work on all items', { bad: 'c' }, { items: ['a', 'x', 'c'] }, true, ['a', 'b', 'c', '|', 'a', 'x', 'c']],
  [
    'what has been used up is not used again',
    { memoized: true },
    { memoized: true, code: 'other' },
    false,
    ['a', 'b', 'c', '|', 'a', 'b', 'c'],
  ],
]

for (const [title, first, then, resume, expected] of items) {
  test(`resumable: ${title}`, async () => {
    const store = memoryStore()
    const worked: unknown[] = []
    await told(itemwise(first, worked), { store })
    worked.push('|')
    const { artifacts } = await ran(itemwise(then, worked), { store, resume })
    assert.equal(worked, expected)
    assert.equal(
      artifacts.results,
      (then.items ?? ['a', 'b', 'c']).map((item, index) => `${item}${index}`),
    )
  })
}

test('resumable: the kept items are gone when the step is done', async () => {
  const store = memoryStore()
  await told(itemwise({ bad: 'c' }, []), { store })
  await ran(itemwise({}, []), { store, resume: true })
  for await (const { id } of store.list('runs')) assert.not.match(id, /items/)
})

test('resumable: items are worked on at the same time up to the concurrency, and results keep their order', async () => {
  let running = 0
  let most = 0
  class Concurrent extends FlowSpec {
    results: number[] = []
    @step async start() {
      this.results = await this.resumable(
        [3, 1, 2],
        async (item) => {
          most = Math.max(most, ++running)
          for (let turn = 0; turn < item; turn++) await new Promise((resolve) => setImmediate(resolve))
          running--
          return item
        },
        { concurrency: 2 },
      )
      this.next(this.end)
    }
    @step end() {}
  }
  assert.equal((await ran(Concurrent, { store: memoryStore() })).artifacts.results, [3, 1, 2])
  assert.is(most, 2)
})

test('a memoized step under retry is stored once it succeeds', async () => {
  let failing = true
  class Flaky extends FlowSpec {
    @memoize @retry({ times: 1 }) @step start() {
      if (failing) {
        failing = false
        throw new Error('once')
      }
      this.next(this.end)
    }
    @step end() {}
  }
  const flow = stamped(Flaky, { start: {}, end: {} })
  const store = memoryStore()
  assert.equal((await ran(flow, { store })).log, ['start', 'end'])
  assert.equal((await ran(flow, { store })).log, ['start hit', 'end'])
})

test.run()
