import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import type { FlowClass } from '../runtime/graph.js'
import type { StepMemoizeOptions } from '../runtime/options.js'
import type { RunOptions } from '../runtime/run.js'
import { ROOMS, type Store } from '../runtime/store.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { type StepStamps, stamped } from './support/stamps.js'

interface Line {
  /** Set by `start`, so that the memoized step finds it. */
  readonly a?: unknown
  readonly b?: unknown
  readonly work?: (flow: any) => unknown
  readonly options?: StepMemoizeOptions
  readonly stamps?: StepStamps
  readonly statics?: object
}

/** start -> work (memoized) -> end */
function line({ a = 1, b = 1, work = (flow) => (flow.out = flow.a), options = {}, stamps = {}, statics = {} }: Line): FlowClass<any> {
  class LineFlow extends FlowSpec {
    a: unknown
    b: unknown
    out: unknown = 'nothing'
    @step start() {
      this.a = a
      this.b = b
      this.next(this.work)
    }
    @memoize(options) @step async work() {
      await work(this)
      this.next(this.end)
    }
    @step end() {}
  }
  Object.assign(LineFlow, statics)
  return stamped(LineFlow, { start: {}, work: {}, end: {}, ...stamps })
}

/** What the second flow did in its memoized step after the first had run. */
async function second(first: Line, then: Line, options: RunOptions = {}, store: Store = memoryStore()): Promise<string | undefined> {
  await ran(line(first), { store })
  return (await ran(line(then), { store, ...options })).log.find((task) => task.startsWith('work'))
}

const HIT = 'work hit'
const RUN = 'work'

const keys: readonly [title: string, first: Line, then: Line, expected: string][] = [
  ['nothing changed', {}, {}, HIT],
  ['an artifact changed and reads are not known', {}, { b: 2 }, RUN],
  ['an artifact that is read changed', { stamps: { work: { reads: ['a'] } } }, { a: 2, stamps: { work: { reads: ['a'] } } }, RUN],
  ['an artifact that is not read changed', { stamps: { work: { reads: ['a'] } } }, { b: 2, stamps: { work: { reads: ['a'] } } }, HIT],
  ['an artifact that `inputs` leaves out changed', { options: { inputs: ['a'] } }, { b: 2, options: { inputs: ['a'] } }, HIT],
  ['an artifact that `inputs` names changed', { options: { inputs: ['a', 'b'] } }, { b: 2, options: { inputs: ['a', 'b'] } }, RUN],
  ['the code changed', {}, { stamps: { work: { code: 'other' } } }, RUN],
  ['the code of another step changed', {}, { stamps: { start: { code: 'other' } } }, HIT],
  ['the version changed', { options: { version: 1 } }, { options: { version: 2 } }, RUN],
  ['the salt changed', {}, { options: { salt: 'x' } }, RUN],
  ['the time to live is over', {}, { options: { ttl: 0 } }, RUN],
  ['the time to live is not over', {}, { options: { ttl: 1e9 } }, HIT],
  ['mode refresh', {}, { options: { mode: 'refresh' } }, RUN],
  ['mode off', {}, { options: { mode: 'off' } }, RUN],
  ['mode readonly', {}, { options: { mode: 'readonly' } }, HIT],
  ['mode readonly at first', { options: { mode: 'readonly' } }, {}, RUN],
  ['mode off at first', { options: { mode: 'off' } }, {}, RUN],
  ['the mode of the flow', {}, { statics: { mode: 'off' } }, RUN],
  ['the mode of the step before the one of the flow', {}, { options: { mode: 'default' }, statics: { mode: 'off' } }, HIT],
  ['an undefined and an absent value', { a: undefined }, { a: null }, RUN],
]

for (const [title, first, then, expected] of keys) {
  test(`${expected === HIT ? 'hit' : 'run'}: ${title}`, async () => {
    assert.is(await second(first, then), expected)
  })
}

test('force executes all memoized steps, or those named, and replaces their results', async () => {
  for (const force of [true, ['work']]) {
    const store = memoryStore()
    let value = 'old'
    const work = (flow: any) => (flow.out = value)
    await ran(line({ work }), { store })
    value = 'new'
    assert.is((await ran(line({ work }), { store })).artifacts.out, 'old')
    assert.equal((await ran(line({ work }), { store, force })).log, ['start', 'work', 'end'])
    const { log, artifacts } = await ran(line({ work }), { store })
    assert.equal([log, artifacts.out], [['start', HIT, 'end'], 'new'])
  }
  assert.match(String((await told(line({}), { store: memoryStore(), force: ['wrok'] })).error), /MM5013 .*`wrok`.*start, work, end/)
})

test('the mode of the run goes before those of the flow, but `off` of a step stays', async () => {
  assert.is(await second({}, {}, { mode: 'off' }), RUN)
  assert.is(await second({}, { statics: { mode: 'off' } }, { mode: 'default' }), HIT)
  assert.is(await second({}, { options: { mode: 'off' } }, { mode: 'default' }), RUN)
})

test('a readonly run writes nothing', async () => {
  const store = memoryStore()
  await ran(line({ a: 'x'.repeat(10_000) }), { store, mode: 'readonly' })
  for (const room of ROOMS) for await (const { id } of store.list(room)) assert.unreachable(`${room} ${id}`)
})

test('`static memoize` memoizes every step', async () => {
  const store = memoryStore()
  const flow = line({ statics: { memoize: true } })
  await ran(flow, { store })
  assert.equal((await ran(flow, { store })).log, ['start hit', 'work hit', 'end hit'])
})

test('the same bytes from changed code keep what follows a hit', async () => {
  const store = memoryStore()
  await ran(line({ statics: { memoize: true } }), { store })
  const { log } = await ran(line({ statics: { memoize: true }, stamps: { start: { code: 'other' } } }), { store })
  assert.equal(log, ['start', 'work hit', 'end hit'])
})

test('a hit sets what the run set, and leaves alone what the run left alone', async () => {
  const store = memoryStore()
  const stamps = { work: { reads: ['a'], writes: ['out', 'b'] } }
  const work = (flow: any) => {
    flow.out = undefined
    if (flow.a === 2) flow.b = 'never'
  }
  for (const [b, expected] of [
    ['first', 'work'],
    ['second', HIT],
  ] as const) {
    const { log, artifacts } = await ran(line({ b, work, stamps }), { store })
    assert.equal([log[1], artifacts.out, artifacts.b, 'out' in artifacts], [expected, undefined, b, true])
  }
})

test('a value assigned again is set by a hit even where it did not change', async () => {
  const store = memoryStore()
  const stamps = { work: { reads: ['a'], writes: ['b'] } }
  const work = (flow: any) => (flow.b = 1)
  await ran(line({ b: 1, work, stamps }), { store })
  const { log, artifacts } = await ran(line({ b: 5, work, stamps }), { store })
  assert.equal([log[1], artifacts.b], [HIT, 1])
})

test('what `outputs` does not name ends with the task, on a run as on a hit', async () => {
  const store = memoryStore()
  const work = (flow: any) => {
    flow.out = 'kept'
    flow.b = 'dropped'
  }
  for (const expected of [RUN, HIT]) {
    const { log, artifacts } = await ran(line({ work, options: { outputs: ['out'] } }), { store })
    assert.equal([log[1], artifacts.out, artifacts.b], [expected, 'kept', 1])
  }
})

test('a value changed in place is seen and kept; what one task changes no other task sees', async () => {
  const store = memoryStore()
  const work = (flow: any) => flow.a.rows.push('more')
  for (const expected of [RUN, HIT]) {
    const { log, artifacts } = await ran(line({ a: { rows: ['one'] }, work, stamps: { work: { reads: ['a'], writes: [] } } }), { store })
    assert.equal([log[1], artifacts.a], [expected, { rows: ['one', 'more'] }])
  }
  class Apart extends FlowSpec {
    shared = [0]
    items = [1, 2]
    seen: number[][] = []
    @step start() {
      this.next(this.work, { foreach: 'items' })
    }
    @step work() {
      this.shared.push(this.input)
      this.next(this.join)
    }
    @step join(inputs: Inputs<Apart>) {
      inputs[0]!.shared.push(9)
      this.seen = [...inputs.map(({ shared }) => shared), this.shared]
      this.next(this.end)
    }
    @step end() {}
  }
  assert.equal((await ran(Apart, { store })).artifacts.seen, [[0, 1, 9], [0, 2], [0]])
})

test('an artifact that is deleted is undefined afterwards, on a run as on a hit', async () => {
  const store = memoryStore()
  const work = (flow: any) => delete flow.b
  for (const expected of [RUN, HIT]) {
    const { log, artifacts } = await ran(line({ work }), { store })
    assert.equal([log[1], artifacts.b], [expected, undefined])
  }
})

test('a read that the key does not know keeps the result from being stored', async () => {
  const stamps = { work: { reads: [] } }
  assert.is(await second({ a: 1, stamps }, { a: 2, stamps }), RUN)
  assert.is(await second({ a: 1, stamps }, { a: 1, stamps }), RUN)
})

test('the item of a foreach counts even when `inputs` does not name it', async () => {
  class Items extends FlowSpec {
    list = [1, 2]
    out: unknown
    outs: unknown[] = []
    @step start() {
      this.next(this.work, { foreach: 'list' })
    }
    @step @memoize({ inputs: ['list'] }) work() {
      this.out = this.input
      this.next(this.join)
    }
    @step @memoize join(inputs: Inputs<Items>) {
      this.outs = inputs.map(({ out }) => out)
      this.next(this.end)
    }
    @step end() {}
  }
  const store = memoryStore()
  for (const how of ['', ' hit']) {
    const { log, artifacts } = await ran(stamped(Items, { start: {}, work: {}, join: {}, end: {} }), { store })
    assert.equal(log, ['start', `work[0]${how}`, `work[1]${how}`, `join${how}`, 'end'])
    assert.equal(artifacts.outs, [1, 2])
  }
})

test('a join counts what every branch brings, in order', async () => {
  const joining = (items: readonly number[], options: StepMemoizeOptions = {}) => {
    class Joining extends FlowSpec {
      items = [...items]
      out = 0
      rest = 0
      outs: number[] = []
      @step start() {
        this.next(this.work, { foreach: 'items' })
      }
      @step work() {
        this.out = this.input % 10
        this.rest = this.input
        this.items = []
        this.next(this.join)
      }
      @step @memoize(options) join(inputs: Inputs<Joining>) {
        this.outs = inputs.map(({ out }) => out)
        this.next(this.end)
      }
      @step end() {}
    }
    return stamped(Joining, { start: {}, work: {}, join: { reads: [] }, end: {} })
  }
  const how = async (first: readonly number[], then: readonly number[], options?: object) => {
    const store = memoryStore()
    await ran(joining(first, options), { store })
    return (await ran(joining(then, options), { store })).log.find((task) => task.startsWith('join'))
  }
  const only = { inputs: ['out'] }
  assert.is(await how([1, 2], [1, 2]), 'join hit')
  assert.is(await how([1, 2], [2, 1]), 'join')
  assert.is(await how([1, 2], [1, 12]), 'join')
  assert.is(await how([1, 2], [1, 12], only), 'join hit')
  assert.is(await how([1, 2], [1, 2, 3], only), 'join')
})

test('a hit goes on where the option says, else the stamp, else where the run went', async () => {
  const forked = (options: StepMemoizeOptions, next?: string) => {
    class Forked extends FlowSpec {
      way = 'left'
      @step @memoize(options) start() {
        if (this.way === 'left') this.next(this.left)
        else this.next(this.right)
      }
      @step left() {
        this.next(this.end)
      }
      @step right() {
        this.next(this.end)
      }
      @step end() {}
    }
    return stamped(Forked, { start: next === undefined ? {} : { next: { targets: [next] } }, left: {}, right: {}, end: {} })
  }
  const store = memoryStore()
  assert.equal((await ran(forked({}), { store })).log, ['start', 'left', 'end'])
  assert.equal((await ran(forked({}), { store })).log, ['start hit', 'left', 'end'])
  assert.equal((await ran(forked({}, 'right'), { store })).log, ['start hit', 'right', 'end'])
  assert.equal((await ran(forked({ next: 'end' }, 'right'), { store })).log, ['start hit', 'end'])
  assert.match(String((await told(forked({ next: 'end' }), { store: memoryStore() })).error), /MM4024 .*`left`.*`end`/)
})

test('steps with the same code and inputs share a result and part ways', async () => {
  class Twins extends FlowSpec {
    static memoize = true
    names: string[] = []
    @step start() {
      this.next(this.a, this.b)
    }
    @step a() {
      this.next(this.a2)
    }
    @step b() {
      this.next(this.b2)
    }
    @step a2() {
      this.next(this.join)
    }
    @step b2() {
      this.next(this.join)
    }
    @step join(inputs: Inputs<Twins>) {
      this.names = ['a2', 'b2'].filter((name) => inputs[name] !== undefined)
      this.next(this.end)
    }
    @step end() {}
  }
  const to = (...targets: string[]) => ({ reads: [], next: { targets } })
  const same = { code: 'same' }
  stamped(Twins, {
    start: to('a', 'b'),
    a: { ...same, ...to('a2') },
    b: { ...same, ...to('b2') },
    a2: { ...same, ...to('join') },
    b2: { ...same, ...to('join') },
    join: { joins: true, next: { targets: ['end'] } },
    end: {},
  })
  const { log, artifacts } = await ran(Twins, { store: memoryStore(), maxWorkers: 2 })
  assert.equal([log.filter((task) => !task.endsWith('hit')).length, artifacts.names], [4, ['a2', 'b2']])
})

test('an error is thrown on as it is and never stored', async () => {
  const store = memoryStore()
  const error = Object.create(null)
  const failing = await told(
    line({
      work: () => {
        throw error
      },
    }),
    { store },
  )
  assert.is(failing.error, error)
  assert.equal(failing.log, ['start', 'work failed'])
  assert.equal((await ran(line({}), { store })).log, ['start', 'work', 'end'])
})

test('trouble in the store is a miss, and an error only under strict', async () => {
  const broken: Store = {
    ...memoryStore(),
    get: () => Promise.reject(new Error('no disk')),
    put: () => Promise.reject(new Error('no disk')),
  }
  const { log, artifacts } = await ran(line({ a: 'x'.repeat(10_000) }), { store: broken })
  assert.equal([log, artifacts.out], [['start', 'work', 'end'], 'x'.repeat(10_000)])
  assert.match(String((await told(line({}), { store: broken, strict: true })).error), /no disk/)
})

test('a store that fails later on under strict ends the run with its error, whoever was writing', async () => {
  const error = new Error('disk gone')
  class Strict extends FlowSpec {
    one = ''
    two = ''
    @step @memoize async start() {
      await this.resumable([1, 2, 3], () => new Promise((resolve) => setTimeout(resolve, 9)))
      this.one = 'x'.repeat(10_000)
      this.two = 'y'.repeat(10_000)
      this.next(this.wait)
    }
    @step async wait() {
      await new Promise((resolve) => setTimeout(resolve, 40))
      this.next(this.end)
    }
    @step end() {}
  }
  stamped(Strict, { start: {}, wait: {}, end: {} })
  let puts = 0
  for (let sound = 0; ; sound++) {
    const store = memoryStore()
    puts = 0
    const put: Store['put'] = (...args) => (puts++ < sound ? store.put(...args) : Promise.reject(error))
    const outcome = await told(Strict, { store: { ...store, put }, strict: true })
    if (puts <= sound) break
    assert.is(outcome.error, error, `after ${sound} puts`)
  }
  assert.ok(puts > 6)
})

test('a lost blob is a miss', async () => {
  const store = memoryStore()
  const work = (flow: any) => (flow.out = 'x'.repeat(100_000))
  await ran(line({ work }), { store })
  for await (const { id } of store.list('blobs')) await store.delete('blobs', id)
  assert.equal((await ran(line({ work }), { store })).log, ['start', 'work', 'end'])
})

test('a store of its own keeps the results of a step, and a hit brings them into the run', async () => {
  const own = memoryStore()
  const work = (flow: any) => (flow.out = 'x'.repeat(10_000))
  for (const expected of [RUN, HIT]) {
    const { log, artifacts } = await ran(line({ work, options: { store: own } }), { store: memoryStore() })
    assert.equal([log[1], artifacts.out.length], [expected, 10_000])
  }
})

test.run()
