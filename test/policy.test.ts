// Which level wins: environment, command line or run, flow, step, function and call; for the mode, the time to live, the salt and strict.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digest, FORMAT, STAMP } from '../runtime/contract.js'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec } from '../runtime/flow.js'
import { type CallOptions, type FunctionOptions, memoizeFunction } from '../runtime/memoize.js'
import type { Mode } from '../runtime/mode.js'
import { type FlowStatics, resolvePolicy, type StepMemoizeOptions } from '../runtime/options.js'
import type { Store } from '../runtime/store.js'
import { agedStore } from '../runtime/stores/aged.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran } from './support/flows.js'
import { stamped } from './support/stamps.js'

const NAMES = ['MINTMARK_MODE', 'MINTMARK_STRICT', 'MINTMARK_SALT'] as const
const outer = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]))
function clear(): void {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name)
}

test.before.each(clear)
test.after(() => {
  clear()
  for (const [name, value] of Object.entries(outer)) if (value !== undefined) process.env[name] = value
})

function counting(options: FunctionOptions): { memoized: ReturnType<typeof memoizeFunction<() => Promise<number>>>; runs: () => number } {
  let runs = 0
  const fn = Object.assign(async () => ++runs, {
    [STAMP]: { kind: 'function', format: FORMAT, id: 'test#fn', fingerprint: digest('fn') },
  })
  return { memoized: memoizeFunction(fn, options), runs: () => runs }
}

/** What a mode does to a stored result and to a new one, told by a store that holds one result and by one that holds none. */
async function modeOfCall(environment: Mode | undefined, options: FunctionOptions, call: CallOptions): Promise<Mode> {
  const seen = async (full: boolean) => {
    const store = memoryStore()
    clear()
    if (full) await counting({ store }).memoized()
    if (environment !== undefined) process.env.MINTMARK_MODE = environment
    const { memoized, runs } = counting({ store, ...options })
    const before = await keptAt(store)
    await memoized.with(call)()
    return { ran: runs() > 0, wrote: (await keptAt(store)) !== before }
  }
  const [full, empty] = [await seen(true), await seen(false)]
  if (full.ran) return full.wrote ? 'refresh' : 'off'
  return empty.wrote ? 'default' : 'readonly'
}

/** The bytes of all entries. */
async function keptAt(store: Store): Promise<string> {
  let all = ''
  for await (const { id } of store.list('entries')) all += Buffer.from((await store.get('entries', id))!).toString('hex')
  return all
}

type Modes = readonly [environment: Mode | undefined, fn: Mode | undefined, call: Mode | undefined, expected: Mode]
const calls: readonly Modes[] = [
  [undefined, undefined, undefined, 'default'],
  [undefined, 'readonly', undefined, 'readonly'],
  [undefined, 'readonly', 'refresh', 'refresh'],
  [undefined, 'off', 'default', 'default'],
  [undefined, 'default', 'off', 'off'],
  ['readonly', undefined, undefined, 'readonly'],
  ['readonly', 'default', undefined, 'readonly'],
  ['readonly', 'refresh', undefined, 'readonly'],
  ['readonly', undefined, 'refresh', 'readonly'],
  ['off', 'default', 'refresh', 'off'],
  ['refresh', 'readonly', undefined, 'refresh'],
  ['default', 'readonly', undefined, 'default'],
  ['default', 'off', undefined, 'off'],
  ['refresh', undefined, 'off', 'off'],
  ['refresh', 'off', 'default', 'refresh'],
]
for (const [environment, fn, call, expected] of calls) {
  test(`function: environment ${environment}, function ${fn}, call ${call}: ${expected}`, async () => {
    assert.is(await modeOfCall(environment, { ...(fn && { mode: fn }) }, { ...(call && { mode: call }) }), expected)
  })
}

const operator = { mode: undefined, strict: false, force: false, store: memoryStore() }

type Levels = readonly [
  operator: Mode | undefined,
  step: Mode | undefined,
  shared: Mode | undefined,
  flow: Mode | undefined,
  expected: Mode,
]
const steps: readonly Levels[] = [
  [undefined, undefined, undefined, undefined, 'default'],
  [undefined, undefined, undefined, 'readonly', 'readonly'],
  [undefined, undefined, undefined, 'off', 'off'],
  [undefined, undefined, 'refresh', 'readonly', 'refresh'],
  [undefined, 'readonly', 'refresh', 'off', 'readonly'],
  [undefined, 'default', 'off', 'off', 'default'],
  ['readonly', 'refresh', undefined, undefined, 'readonly'],
  ['readonly', undefined, undefined, 'refresh', 'readonly'],
  ['default', undefined, undefined, 'off', 'default'],
  ['default', undefined, 'off', undefined, 'off'],
  ['refresh', 'off', 'default', 'default', 'off'],
  ['off', 'default', 'default', 'default', 'off'],
]
for (const [asked, own, shared, flow, expected] of steps) {
  test(`step: operator ${asked}, step ${own}, static memoize ${shared}, flow ${flow}: ${expected}`, () => {
    const statics: FlowStatics = { ...(shared && { memoize: { mode: shared } }), ...(flow && { mode: flow }) }
    assert.is(resolvePolicy('work', { ...(own && { mode: own }) }, statics, { ...operator, mode: asked })?.mode, expected)
  })
}

const forced: readonly (readonly [mode: Mode, expected: Mode])[] = [
  ['default', 'refresh'],
  ['refresh', 'refresh'],
  ['readonly', 'off'],
  ['off', 'off'],
]
for (const [mode, expected] of forced) {
  test(`--force under ${mode} is ${expected}`, () => {
    assert.is(resolvePolicy('work', {}, {}, { ...operator, mode, force: true })?.mode, expected)
    assert.is(resolvePolicy('work', {}, {}, { ...operator, mode, force: ['work'] })?.mode, expected)
    assert.is(resolvePolicy('work', {}, {}, { ...operator, mode, force: ['other'] })?.mode, mode)
  })
}

type Options = readonly [field: 'ttl' | 'salt' | 'version' | 'strict', own: unknown, shared: unknown, expected: unknown]
const nearest: readonly Options[] = [
  ['ttl', undefined, undefined, undefined],
  ['ttl', '1h', undefined, 3_600_000],
  ['ttl', undefined, '2h', 7_200_000],
  ['ttl', '2h', '1h', 7_200_000],
  ['ttl', 0, '1h', 0],
  ['salt', undefined, 'flow', 'flow'],
  ['salt', 'step', 'flow', 'step'],
  ['version', 1, 2, 1],
  ['strict', false, true, false],
  ['strict', undefined, true, true],
]
for (const [field, own, shared, expected] of nearest) {
  test(`${field}: step ${String(own)}, static memoize ${String(shared)}: ${String(expected)}`, () => {
    const options = (value: unknown): StepMemoizeOptions => (value === undefined ? {} : { [field]: value })
    const policy = resolvePolicy('work', options(own), { memoize: options(shared) }, operator)!
    assert.is(field === 'ttl' ? policy.ttlMs : policy[field], field === 'strict' && expected === undefined ? false : expected)
  })
}

const stricts: readonly (readonly [operator: boolean, flow: boolean | undefined, step: boolean | undefined, expected: boolean])[] = [
  [false, undefined, undefined, false],
  [true, undefined, undefined, true],
  [false, true, undefined, true],
  [true, false, undefined, true],
  [true, true, false, false],
  [false, false, true, true],
]
for (const [asked, flow, own, expected] of stricts) {
  test(`strict: operator ${asked}, flow ${flow}, step ${own}: ${expected}`, () => {
    const statics: FlowStatics = flow === undefined ? {} : { strict: flow }
    const policy = resolvePolicy('work', own === undefined ? {} : { strict: own }, statics, { ...operator, strict: asked })
    assert.is(policy?.strict, expected)
  })
}

test('a mode that is none is an error wherever it stands', async () => {
  const wrong = 'of' as Mode
  assert.throws(() => resolvePolicy('work', { mode: wrong }, {}, operator), /^MintmarkError: MM5020|MM5020/)
  assert.throws(() => resolvePolicy('work', {}, { mode: wrong }, operator), /MM5020/)
  for (const call of [counting({ mode: wrong }).memoized, counting({}).memoized.with({ mode: wrong })])
    assert.match(String(await call().catch((error: unknown) => error)), /MM5020 there is no mode "of"/)
})

test('one call may have another time to live, store or strictness, and shares the key', async () => {
  const [store, other] = [memoryStore(), memoryStore()]
  const { memoized, runs } = counting({ store })
  assert.equal([await memoized(), await memoized.with({ ttl: 0 })(), await memoized()], [1, 2, 2])
  assert.equal([await memoized.with({ store: other })(), await memoized(), runs()], [3, 2, 3])
  assert.is(memoized.with({ store: other, ttl: '1d' }).key(), memoized.key())
})

test('the salt of the environment sets functions and steps apart, beside their own; an empty one is none', async () => {
  class Salted extends FlowSpec {
    out = 0
    @step start() {
      this.next(this.work)
    }
    @memoize({ salt: 'own' }) @step async work() {
      this.out = 1
      this.next(this.end)
    }
    @step end() {}
  }
  const flow = stamped(Salted, { start: {}, work: { reads: [], writes: ['out'] }, end: {} })
  const store = memoryStore()
  const { memoized } = counting({ store, salt: 'own' })
  const plain = memoized.key()
  const worked = async () => (await ran(flow, { store })).log[1]
  assert.equal([await worked(), await worked()], ['work', 'work hit'])
  process.env.MINTMARK_SALT = ''
  assert.equal([memoized.key() === plain, await worked()], [true, 'work hit'])
  process.env.MINTMARK_SALT = 'staging'
  const staging = memoized.key()
  assert.equal([staging === plain, await worked(), await worked()], [false, 'work', 'work hit'])
  process.env.MINTMARK_SALT = 'production'
  assert.not.equal(memoized.key(), staging)
})

const HOUR = 3_600_000
const ages: readonly (readonly [maxAge: number, ttl: number | undefined, age: number, hit: boolean])[] = [
  [2 * HOUR, undefined, HOUR, true],
  [HOUR, undefined, HOUR, false],
  [HOUR, 3 * HOUR, 2 * HOUR, false],
  [3 * HOUR, HOUR, 2 * HOUR, false],
  [3 * HOUR, 3 * HOUR, 2 * HOUR, true],
  // A clock that was ahead.
  [HOUR, undefined, -2 * HOUR, false],
  [0, undefined, 0, false],
]
for (const [maxAge, ttl, age, hit] of ages) {
  test(`store of ${maxAge / HOUR} h, ttl ${ttl === undefined ? 'none' : `${ttl / HOUR} h`}, a result ${age / HOUR} h old: ${hit ? 'hit' : 'run, and stored anew'}`, async () => {
    const inner = memoryStore()
    const { now } = Date
    try {
      Date.now = () => now() - age
      await counting({ store: inner }).memoized()
    } finally {
      Date.now = now
    }
    const { memoized, runs } = counting({ store: agedStore(inner, { maxAge }), ...(ttl !== undefined && { ttl }) })
    await memoized()
    assert.is(runs(), hit ? 0 : 1)
    if (maxAge === 0) return
    await memoized()
    assert.is(runs(), hit ? 0 : 1)
  })
}

test('an aged store hands on what is no entry, and blobs and runs of any age', async () => {
  const inner = memoryStore()
  const store = agedStore(inner, { maxAge: 0 })
  const id = digest('x')
  for (const [room, at] of [
    ['entries', id],
    ['blobs', id],
    ['runs', 'a/b'],
  ] as const) {
    await store.put(room, at, Buffer.from('bytes'))
    assert.is(String(Buffer.from((await store.get(room, at))!)), 'bytes')
    assert.is(await store.put(room, at, Buffer.from('others')), false)
  }
  assert.throws(() => agedStore(inner, { maxAge: 'soon' }), /MM2004/)
})

test.run()
