import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { describe, type FlowClass } from '../runtime/graph.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { type StepStamps, stamped } from './support/stamps.js'

type Steps = Readonly<Record<string, (this: any, inputs?: any) => unknown>>

/** A flow made of these steps. */
function flowOf(steps: Steps, stamps?: StepStamps): FlowClass<any> {
  class Made extends FlowSpec {
    list: unknown = [1, 2]
  }
  for (const [name, method] of Object.entries(steps)) {
    const descriptor = { value: method, configurable: true, writable: true }
    step(Made.prototype, name, descriptor as never)
    Object.defineProperty(Made.prototype, name, descriptor)
  }
  return stamps === undefined ? Made : stamped(Made, stamps)
}

const to = (...names: string[]) =>
  function (this: any) {
    this.next(...names.map((name) => this[name]))
  }
const each = (name: string, foreach = 'list') =>
  function (this: any) {
    this.next(this[name], { foreach })
  }
const end = () => {}
const join = (name: string) =>
  function (this: any, _inputs: unknown) {
    this.next(this[name])
  }

const before: readonly [title: string, flow: FlowClass<any>, message: RegExp][] = [
  ['no start', flowOf({ end }), /MM4010 Made has no step `start`/],
  ['no end', flowOf({ start: to('start') }), /MM4010 Made has no step `end`/],
  ['a start that joins', flowOf({ start: join('end'), end }), /MM4010 `start` of Made takes inputs/],
  [
    'an unknown target',
    flowOf({ start: to('end'), end }, { start: { targets: ['missing'] } }),
    /MM4011 step `start` of Made goes on to `missing`/,
  ],
  [
    'an end that goes on',
    flowOf({ start: to('end'), end }, { start: { targets: ['end'] }, end: { targets: ['start'] } }),
    /MM4026 `end`.*`start`/,
  ],
  [
    'a join that nothing leads to',
    flowOf({ start: to('end'), join: join('end'), end }, { start: { targets: ['end'] }, join: { joins: true, targets: ['end'] }, end: {} }),
    /MM4019 step `join` of Made takes inputs, but no step goes on to it/,
  ],
]

for (const [title, flow, message] of before) {
  test(`before a run: ${title}`, async () => {
    const { error, events } = await told(flow, { store: memoryStore() })
    assert.match(String(error), message)
    assert.equal(events, [])
  })
}

function twice(this: any) {
  this.next(this.end)
  this.next(this.end)
}
function late(this: any) {
  setTimeout(() => {
    try {
      this.next(this.end)
    } catch (error) {
      lateErrors.push(error)
    }
  })
  this.next(this.end)
}
const lateErrors: unknown[] = []
function withNumber(this: any) {
  this.list = 5
  this.next(this.work, { foreach: 'list' })
}
function unmarked(this: any) {
  this.next(function helper() {})
}

const during: readonly [title: string, flow: FlowClass<any>, message: RegExp][] = [
  ['a step without next', flowOf({ start: end, end }), /MM4013 step `start` of Made ended without/],
  ['a step with two nexts', flowOf({ start: twice, end }), /MM4012 step `start` of Made goes on twice, to `end` and to `end`/],
  ['an end with next', flowOf({ start: to('end'), end: to('start') }), /MM4026 step `end` of Made goes on to `start`/],
  ['a target that is no step', flowOf({ start: unmarked, end }), /MM4011 step `start` of Made goes on to `helper`/],
  ['a foreach over a number', flowOf({ start: withNumber, work: to('end'), end }), /MM4014 .*`list`, which is a number/],
  ['a foreach over nothing set', flowOf({ start: each('work', 'nope'), work: to('end'), end }), /MM4014 .*`nope`, which is not set/],
  [
    'a join without branches',
    flowOf({ start: to('join'), join: join('end'), end }),
    /MM4019 step `start` of Made goes on to the join `join`/,
  ],
  ['branches that begin with a join', flowOf({ start: each('join'), join: join('end'), end }), /MM4025 .*`join`/],
  ['an end within branches', flowOf({ start: each('end'), end }), /MM4021 step `end\[0\]` of Made .*`start`/],
  [
    'branches with two joins',
    flowOf({ start: to('a', 'b'), a: to('one'), b: to('two'), one: join('end'), two: join('end'), end }),
    /MM4022 .*`start` opened meet in `one` and in `two`/,
  ],
]

for (const [title, flow, message] of during) {
  test(`during a run: ${title}`, async () => {
    assert.match(String((await told(flow, { store: memoryStore() })).error), message)
  })
}

test('a foreach over nothing says so when its join cannot be told', async () => {
  function nothing(this: any) {
    this.list = []
    this.next(this.work, { foreach: 'list' })
  }
  const flow = flowOf({ start: nothing, work: to('join'), join: join('end'), end })
  assert.match(String((await told(flow, { store: memoryStore() })).error), /MM4023 .*`list`, which is empty/)
})

test('`next` after the step has ended is refused', async () => {
  await ran(flowOf({ start: late, end }), { store: memoryStore() })
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.match(String(lateErrors[0]), /MM4012 .*after it had ended/)
})

test('calls outside a run are refused', () => {
  class Alone extends FlowSpec {
    @step start() {
      this.next(this.end)
    }
    @step end() {}
  }
  assert.throws(() => new Alone().start(), /MM4017 `next` was called outside a run/)
})

test('steps are inherited; an overriding method is a step like the one it overrides', async () => {
  class Base extends FlowSpec {
    said: string[] = []
    @step start() {
      this.next(this.work)
    }
    @step @memoize work() {
      this.said.push('base')
      this.next(this.end)
    }
    @step end() {}
  }
  class Heir extends Base {
    override work() {
      this.said.push('heir')
      super.work()
    }
  }
  class Plain extends Base {
    @step override work() {
      super.work()
    }
  }
  assert.equal((await ran(Heir, { store: memoryStore() })).artifacts.said, ['heir', 'base'])
  assert.ok(describe(Heir).steps.get('work')?.notes.memoize)
  assert.not.ok(describe(Plain).steps.get('work')?.notes.memoize)
})

test('the order of decorators does not matter, nor does a decorator of another kind between them', () => {
  const log = <This, Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
    _context: ClassMethodDecoratorContext,
  ) =>
    function (this: This, ...args: Args): Result {
      return method.apply(this, args)
    }
  class Ordered extends FlowSpec {
    @memoize @step start() {}
    @step @memoize() work() {}
    @memoize @log @step between() {}
    @log @step @memoize above() {}
    @step() join(_inputs: Inputs<Ordered>) {}
    @step end() {}
  }
  const { steps } = describe(Ordered)
  assert.equal([...steps.keys()].sort(), ['above', 'between', 'end', 'join', 'start', 'work'])
  for (const name of ['start', 'work', 'between', 'above']) assert.ok(steps.get(name)?.notes.memoize, name)
  assert.equal([steps.get('join')?.joins, steps.get('work')?.joins], [true, false])
})

test('legacy decorators note the same', async () => {
  class Legacy extends FlowSpec {
    start() {
      this.next(this.end)
    }
    end() {}
  }
  for (const name of ['start', 'end']) {
    let descriptor = Object.getOwnPropertyDescriptor(Legacy.prototype, name) as PropertyDescriptor
    for (const decorate of [step, memoize({ ttl: 1000 })]) descriptor = (decorate as any)(Legacy.prototype, name, descriptor) ?? descriptor
    Object.defineProperty(Legacy.prototype, name, descriptor)
  }
  const store = memoryStore()
  const flow = stamped(Legacy, { start: {}, end: {} })
  assert.equal((await ran(flow, { store })).log, ['start', 'end'])
  assert.equal((await ran(flow, { store })).log, ['start hit', 'end hit'])
})

test.run()
