import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { stamped } from './support/stamps.js'

function mission(code = 'work', items: readonly number[] = [4, 1, 2, 3, 9, 15]) {
  class Mission extends FlowSpec {
    list: number[] = []
    output!: number
    total = 0
    declare input: number

    @step start() {
      this.list = [...items]
      this.next(this.cachedStep, { foreach: 'list' })
    }
    @step @memoize({ outputs: ['output'] }) async cachedStep() {
      this.output = this.input * 100
      this.next(this.join)
    }
    @step join(inputs: Inputs<Mission>) {
      this.total = inputs.reduce((sum, { output }) => sum + output, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Mission, {
    start: { next: { targets: ['cachedStep'], foreach: 'list' } },
    cachedStep: { code, reads: ['input'], writes: ['output'], next: { targets: ['join'] } },
    join: { joins: true, next: { targets: ['end'] } },
    end: {},
  })
}

const places = (step: string, count: number, how = '') => Array.from({ length: count }, (_, index) => `${step}[${index}]${how}`)

test('a foreach runs each item, and its join sees them in order', async () => {
  const { log, artifacts } = await ran(mission(), { store: memoryStore() })
  assert.equal(log, ['start', ...places('cachedStep', 6), 'join', 'end'])
  assert.is(artifacts.total, 3400)
})

test('a second run executes no memoized step and ends the same', async () => {
  const store = memoryStore()
  await ran(mission(), { store })
  const { log, artifacts } = await ran(mission(), { store })
  assert.equal(log, ['start', ...places('cachedStep', 6, ' hit'), 'join', 'end'])
  assert.is(artifacts.total, 3400)
})

test('changed code executes again, and only new items are executed when items change', async () => {
  const store = memoryStore()
  await ran(mission(), { store })
  assert.equal((await ran(mission('other'), { store })).log, ['start', ...places('cachedStep', 6), 'join', 'end'])
  const { log } = await ran(mission('work', [15, 7]), { store })
  assert.equal(log, ['start', 'cachedStep[0] hit', 'cachedStep[1]', 'join', 'end'])
})

test('a foreach over nothing goes to its join', async () => {
  const { log, artifacts } = await ran(mission('work', []), { store: memoryStore() })
  assert.equal(log, ['start', 'join', 'end'])
  assert.is(artifacts.total, 0)
})

test('equal items are executed once, also at the same time', async () => {
  const { log, artifacts } = await ran(mission('work', [5, 5, 5]), { store: memoryStore(), maxWorkers: 3 })
  assert.equal(log, ['start', 'cachedStep[0]', 'cachedStep[1] hit', 'cachedStep[2] hit', 'join', 'end'])
  assert.is(artifacts.total, 1500)
})

test('several targets run as branches that the join knows by name', async () => {
  class Fan extends FlowSpec {
    x = 0
    seen: unknown
    @step start() {
      this.next(this.a, this.b)
    }
    @step a() {
      this.x = 1
      this.next(this.a2)
    }
    @step a2() {
      this.x += 10
      this.next(this.join)
    }
    @step b() {
      this.x = 2
      this.next(this.join)
    }
    @step join(inputs: Inputs<Fan>) {
      this.seen = [this.x, inputs.map(({ x }) => x), inputs.a!.x, inputs.a2!.x, inputs.b!.x]
      this.next(this.end)
    }
    @step end() {}
  }
  const { log, artifacts } = await ran(Fan, { store: memoryStore() })
  assert.equal(log, ['start', 'a[0]', 'a2[0]', 'b[1]', 'join', 'end'])
  assert.equal(artifacts.seen, [0, [11, 2], 11, 11, 2])
})

test('a foreach within a foreach joins inside first', async () => {
  class Nested extends FlowSpec {
    outer = ['a', 'b']
    inner = [1, 2]
    word = ''
    words: string[] = []
    @step start() {
      this.next(this.each, { foreach: 'outer' })
    }
    @step each() {
      this.word = this.input
      this.next(this.leaf, { foreach: 'inner' })
    }
    @step leaf() {
      this.word += this.input + String(this.index)
      this.next(this.inside)
    }
    @step inside(inputs: Inputs<Nested>) {
      this.words = [this.input, ...inputs.map(({ word, input }) => word + input)]
      this.next(this.outside)
    }
    @step outside(inputs: Inputs<Nested>) {
      this.words = inputs.flatMap(({ words, index }) => [String(index), ...words])
      this.next(this.end)
    }
    @step end() {}
  }
  const { log, artifacts } = await ran(Nested, { store: memoryStore() })
  assert.equal(log, [
    'start',
    ...['each[0]', 'leaf[0.0]', 'leaf[0.1]', 'inside[0]'],
    ...['each[1]', 'leaf[1.0]', 'leaf[1.1]', 'inside[1]', 'outside', 'end'],
  ])
  assert.equal(artifacts.words, ['0', 'a', 'a101', 'a212', '1', 'b', 'b101', 'b212'])
})

test('a step that goes on to itself or chooses where to go is followed', async () => {
  class Loop extends FlowSpec {
    count = 0
    @step start() {
      this.count++
      if (this.count < 3) this.next(this.start)
      else this.next(this.end)
    }
    @step end() {}
  }
  assert.equal((await ran(Loop, { store: memoryStore() })).log, ['start', 'start#1', 'start#2', 'end'])
})

type Change = Readonly<Record<string, unknown>>

/** start sets `at`; then the branches a and b, which set theirs; the join sets `own` and merges. */
function merging(at: Change, a: Change, b: Change, options: object = {}) {
  class Merge extends FlowSpec {
    static memoize = true
    x: unknown = 'initial'
    y: unknown
    own: unknown
    @step start() {
      Object.assign(this, at)
      this.next(this.a, this.b)
    }
    @step a() {
      Object.assign(this, a)
      this.next(this.join)
    }
    @step b() {
      Object.assign(this, b)
      this.next(this.join)
    }
    @step join(inputs: Inputs<Merge>) {
      this.own = 'own'
      this.mergeArtifacts(inputs, options)
      this.next(this.end)
    }
    @step end() {}
  }
  const code = (step: string, change: Change) => ({ code: `${step} ${JSON.stringify(change)}` })
  return stamped(Merge, { start: code('start', at), a: code('a', a), b: code('b', b), join: { reads: [] }, end: { reads: [] } })
}

const merges: readonly [title: string, at: Change, a: Change, b: Change, merged: Change][] = [
  ['each branch changed its own', {}, { x: 1 }, { y: 2 }, { x: 1, y: 2 }],
  ['no branch changed it', { x: 1 }, {}, {}, { x: 1 }],
  ['one branch changed it', { x: 1 }, {}, { x: 2 }, { x: 2 }],
  ['one branch changed it back to its initial value', { x: 1 }, { x: 'initial' }, {}, { x: 'initial' }],
  ['all changed it to equal values', { x: 1 }, { x: { n: [2] } }, { x: { n: [2] } }, { x: { n: [2] } }],
  ['a branch set it to what it was', { x: 1 }, { x: 1 }, { x: 2 }, { x: 2 }],
  ['a branch set it to undefined', { x: 1 }, { x: undefined }, {}, { x: undefined }],
  ['a branch added it', {}, { z: 1 }, {}, { z: 1 }],
  ['the join has set it', {}, { own: 1 }, { own: 2 }, { own: 'own' }],
  ['what two branches changed to a value without bytes', { x: 1 }, { x: merging }, { x: merging }, { x: merging }],
]

for (const [title, at, a, b, merged] of merges) {
  test(`mergeArtifacts: ${title}`, async () => {
    const { artifacts } = await ran(merging(at, a, b), { store: memoryStore() })
    assert.equal({ ...artifacts, ...merged }, artifacts)
  })
}

test('mergeArtifacts names what branches changed to different values', async () => {
  const conflict = (options: object) => told(merging({ x: 0 }, { x: 1, y: 1 }, { x: 2, y: 1 }, options), { store: memoryStore() })
  assert.match(String((await conflict({})).error), /MM4018 .*`join`.* changed `x` to different values/)
  const { x, y } = (await conflict({ exclude: ['x'] })).result!.artifacts
  assert.equal([x, y], [0, 1])
  const only = (await conflict({ include: ['own'] })).result!.artifacts
  assert.equal([only.x, only.y], [0, undefined])
})

test('what a merge makes of the same branches depends on where they parted, and so does a hit', async () => {
  const store = memoryStore()
  for (const round of ['run', 'hit'])
    for (const [at, merged] of [
      [1, 2],
      [2, 1],
    ]) {
      const { artifacts, log } = await ran(merging({ x: at }, { x: 1 }, { x: 2 }), { store })
      assert.is(artifacts.x, merged)
      assert.is(log.includes('join hit'), round === 'hit')
    }
})

test('merges within merges: a join begins with what was there before its branches', async () => {
  class Inner extends FlowSpec {
    config = ''
    list = [1, 2]
    total = 0
    left = ''
    right = ''
    seen: string[] = []
    declare input: number
    @step start() {
      this.config = 'set'
      this.next(this.many, this.one)
    }
    @step many() {
      this.left = 'many'
      this.next(this.item, { foreach: 'list' })
    }
    @step item() {
      this.total = this.input
      this.next(this.sum)
    }
    @step sum(inputs: Inputs<Inner>) {
      this.seen = [this.config, this.left]
      this.total = inputs.reduce((sum, { total }) => sum + total, 0)
      this.next(this.join)
    }
    @step one() {
      this.right = 'one'
      this.next(this.join)
    }
    @step join(inputs: Inputs<Inner>) {
      this.mergeArtifacts(inputs)
      this.next(this.end)
    }
    @step end() {}
  }
  const { config, total, left, right, seen } = (await ran(Inner, { store: memoryStore() })).artifacts
  assert.equal([config, total, left, right, seen], ['set', 3, 'many', 'one', ['set', 'many']])
})

test('equal items at different places: a join that asks its branches for the index is executed for each', async () => {
  class Places extends FlowSpec {
    static memoize = true
    list = ['same', 'same']
    place = -1
    places: number[] = []
    @step start() {
      this.next(this.fork, { foreach: 'list' })
    }
    @step fork() {
      this.next(this.a, this.b)
    }
    @step a() {
      this.next(this.inside)
    }
    @step b() {
      this.next(this.inside)
    }
    @step inside(inputs: Inputs<Places>) {
      this.place = inputs[1]!.index
      this.next(this.outside)
    }
    @step outside(inputs: Inputs<Places>) {
      this.places = inputs.map(({ place }) => place)
      this.next(this.end)
    }
    @step end() {}
  }
  const flow = stamped(Places, {
    start: {},
    fork: { reads: [] },
    a: { reads: [] },
    b: { reads: [] },
    inside: { reads: [] },
    outside: {},
    end: {},
  })
  assert.equal((await ran(flow, { store: memoryStore() })).artifacts.places, [0, 1])
})

test('tasks run at the same time up to maxWorkers', async () => {
  let running = 0
  let most = 0
  class Wide extends FlowSpec {
    list = [1, 2, 3, 4, 5, 6, 7]
    @step start() {
      this.next(this.work, { foreach: 'list' })
    }
    @step async work() {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      this.next(this.join)
    }
    @step join(_inputs: Inputs<Wide>) {
      this.next(this.end)
    }
    @step end() {}
  }
  await ran(Wide, { store: memoryStore(), maxWorkers: 3 })
  assert.is(most, 3)
})

test('a foreach over 100,000 items neither blows the stack nor starves timers', async () => {
  const beats: string[] = []
  const timer = setInterval(() => beats.push('beat'), 5)
  const items = Array.from({ length: 100_000 }, (_, index) => index % 1000)
  const { artifacts } = await ran(mission('work', items), { store: memoryStore() })
  clearInterval(timer)
  assert.is(artifacts.total, (100 * 999 * 1000 * 100) / 2)
  assert.ok(beats.length > 3)
})

test.run()
