import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import type { StepMemoizeOptions } from '../runtime/options.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { ran, told } from './support/flows.js'
import { same } from './support/same.js'
import { stamped } from './support/stamps.js'
import { graph, tree } from './support/values.js'

let warnings: string[] = []
let stop = () => {}

test.before.each(() => {
  forgetWarnings()
  warnings = []
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())

/** start sets `value`; work, which is memoized, sets `out`; after reads it. */
function passing(value: () => unknown, out: (value: any) => unknown, options: StepMemoizeOptions = {}, stamp = true) {
  class Passing extends FlowSpec {
    value: unknown
    out: unknown
    seen: unknown
    @step start() {
      this.value = value()
      this.next(this.work)
    }
    @step @memoize(options) work() {
      this.out = out(this.value)
      this.next(this.after)
    }
    @step after() {
      this.seen = typeof this.out === 'function' ? this.out() : this.out
      this.next(this.end)
    }
    @step end() {}
  }
  return stamp ? stamped(Passing, { start: {}, work: { reads: ['value'] }, after: {}, end: {} }) : Passing
}

test('values keep their kind from task to task, on a run as on a hit', async () => {
  const value = new Map<unknown, unknown>([
    ['date', new Date(5)],
    ['bytes', Buffer.from('abc')],
    ['zero', -0],
    ['holes', Object.assign(new Array(2), [1])],
    ['nothing', undefined],
  ])
  const store = memoryStore()
  for (const log of ['work', 'work hit']) {
    const { artifacts, ...told } = await ran(
      passing(
        () => value,
        (it) => new Map(it),
      ),
      { store },
    )
    assert.is(told.log[1], log)
    assert.equal(artifacts.seen, value)
    assert.is(Object.is((artifacts.seen as Map<string, unknown>).get('zero'), -0), true)
    assert.is(1 in ((artifacts.seen as Map<string, object>).get('holes') as object), false)
  }
  assert.equal(warnings, [])
})

test('any value is the same from task to task, on a run as on a hit', async () => {
  const value = fc.sample(fc.oneof(tree, graph), 200)
  const store = memoryStore()
  for (const log of ['work', 'work hit']) {
    const flow = passing(
      () => value,
      (it) => it,
    )
    const { artifacts, ...told } = await ran(flow, { store })
    assert.is(told.log[1], log)
    for (const name of ['value', 'out', 'seen'] as const) assert.ok(same(artifacts[name], value), name)
  }
})

test('a memoized step with an output without bytes hands it on, runs uncached and says so once', async () => {
  const store = memoryStore()
  const flow = passing(
    () => 1,
    (value) => () => value + 1,
  )
  for (let round = 0; round < 2; round++) {
    const { log, artifacts } = await ran(flow, { store })
    assert.equal([log[1], artifacts.seen], ['work', 2])
  }
  assert.is(
    warnings.filter((warning) => /^MM4003 step `Passing.work` runs uncached: its output `out` has no stable bytes \(MM2001 /.test(warning))
      .length,
    1,
  )
  assert.match(String((await told(flow, { store, strict: true })).error), /MM4003 step `Passing.work`/)
})

test('a memoized step with an input without bytes runs uncached and says so once', async () => {
  const store = memoryStore()
  const flow = passing(
    () => ({ deep: { fn: () => 7 } }),
    (value) => value.deep.fn(),
  )
  for (let round = 0; round < 2; round++) {
    const { log, artifacts } = await ran(flow, { store })
    assert.equal([log[1], artifacts.seen], ['work', 7])
  }
  assert.is(
    warnings.filter((warning) => /^MM4002 step `Passing.work` runs uncached: its input `value` .*\.deep\.fn/.test(warning)).length,
    1,
  )
  assert.match(String((await told(flow, { store, strict: true })).error), /MM4002 /)
})

test('an output without bytes that `outputs` leaves out does no harm', async () => {
  const store = memoryStore()
  const flow = passing(
    () => 1,
    () => () => 1,
    { outputs: ['seen'] },
  )
  await ran(flow, { store })
  assert.is((await ran(flow, { store })).log[1], 'work hit')
  assert.match(warnings.join('\n'), /MM4005 step `Passing.work` wrote `out`/)
})

test('what the key did not hold is told, and an error under strict', async () => {
  const flow = () =>
    stamped(
      passing(
        () => 1,
        (value) => value,
      ),
      { start: {}, work: { reads: [] }, after: {}, end: {} },
    )
  await ran(flow(), { store: memoryStore() })
  assert.match(warnings.join('\n'), /MM4004 step `Passing.work` runs uncached: it read `value`/)
  assert.match(String((await told(flow(), { store: memoryStore(), strict: true })).error), /MM4004 /)
})

test('without a stamp a memoized step runs uncached and says once how to add the plugin; strict makes it an error', async () => {
  const store = memoryStore()
  const flow = passing(
    () => 1,
    (value) => value,
    {},
    false,
  )
  for (let round = 0; round < 2; round++) assert.is((await ran(flow, { store })).log[1], 'work')
  assert.is(warnings.length, 1)
  assert.match(warnings.join(), /^MM4001 Passing was compiled without the mintmark plugin.*"transform": "mintmark\/transformer"/)
  for (const strict of [{ strict: true }, undefined]) {
    const strictly = strict
      ? flow
      : passing(
          () => 1,
          (value) => value,
          { strict: true },
          false,
        )
    const { error, log } = await told(strictly, { store, ...strict })
    assert.match(String(error), /^MintmarkError: MM4001 /)
    assert.equal(log, ['start', 'work failed'])
  }
})

test('a stamp of another format, or one that a base class left, counts as none', async () => {
  const flow = passing(
    () => 1,
    (value) => value,
  )
  const store = memoryStore()
  await ran(flow, { store })
  class Heir extends flow {}
  Object.defineProperty(Heir, 'name', { value: 'Heir' })
  assert.is((await ran(Heir, { store })).log[1], 'work')
  const other = stamped(
    passing(
      () => 1,
      (value) => value,
    ),
    {},
  )
  Object.defineProperty(other, Symbol.for('mintmark.stamp'), { value: { kind: 'class', format: 999, steps: {} } })
  assert.is((await ran(other, { store })).log[1], 'work')
  assert.match(warnings.join('\n'), /Heir was compiled without.*Passing was compiled by another version/s)
})

test('a field without bytes is made anew by each task, and setters and private fields are left alone', async () => {
  let made = 0
  class Local extends FlowSpec {
    helper = () => ++made
    #secret = 1
    results: number[] = []
    get double() {
      return this.#secret * 2
    }
    @step start() {
      this.#secret++
      this.results.push(this.helper(), this.double)
      this.next(this.a, this.b)
    }
    @step a() {
      this.results.push(this.helper(), this.double)
      this.next(this.join)
    }
    @step b() {
      this.next(this.join)
    }
    @step join(inputs: Inputs<Local>) {
      this.results = inputs.a!.results
      assert.instance(inputs.a, Local)
      this.next(this.end)
    }
    @step end() {}
  }
  assert.equal((await ran(Local, { store: memoryStore() })).artifacts.results, [1, 4, 2, 2])
  assert.equal(warnings, [])
})

test('a default that differs each time is settled once for a run', async () => {
  let made = 0
  class Clock extends FlowSpec {
    at = ++made
    seen: number[] = []
    @step start() {
      this.seen.push(this.at)
      this.next(this.end)
    }
    @step end() {
      this.seen.push(this.at)
    }
  }
  const [first, later] = (await ran(Clock, { store: memoryStore() })).artifacts.seen
  assert.is(first, later)
})

test('inputs and items can be read but not set', async () => {
  class Reading extends FlowSpec {
    list = [{ n: 1 }]
    out = 0
    @step start() {
      this.next(this.work, { foreach: 'list' })
    }
    @step work() {
      this.input.n = 5
      assert.is(this.input.n, 5)
      assert.equal(this.list, [{ n: 1 }])
      assert.throws(() => {
        ;(this as any).input = 1
      }, TypeError)
      this.next(this.join)
    }
    @step join(inputs: Inputs<Reading>) {
      assert.equal(inputs[0]?.input, { n: 1 })
      assert.throws(() => {
        ;(inputs[0] as any).out = 1
      }, TypeError)
      this.next(this.end)
    }
    @step end() {}
  }
  await ran(Reading, { store: memoryStore() })
})

test.run()
