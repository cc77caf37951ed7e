// Memoized functions: what runs, what does not, and that nobody can tell a hit from a run.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digest, FORMAT, STAMP } from '../runtime/contract.js'
import { parseDuration } from '../runtime/duration.js'
import { MintmarkError } from '../runtime/errors.js'
import { type FunctionOptions, memoizeFunction } from '../runtime/memoize.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { draws } from './support/draws.js'
import { same } from './support/same.js'
import { failing, watched } from './support/stores.js'
import { graph, tree } from './support/values.js'

type AnyFunction = (...args: any[]) => unknown

interface StampParts {
  readonly code?: string
  readonly format?: number
  readonly captures?: () => Record<string, unknown>
}

/** As the transformer would stamp it; `code` stands for the closure. */
function stamped<F extends AnyFunction>(fn: F, { code = 'code', format = FORMAT, captures }: StampParts = {}): F {
  const stamp = { kind: 'function', format, id: 'test.ts#fn', fingerprint: digest(code), ...(captures && { captures }) }
  return Object.assign(fn, { [STAMP]: stamp })
}

/** A memoized function that notes the arguments of every run. */
function counted<F extends AnyFunction>(fn: F, options: FunctionOptions = {}, parts: StampParts = {}) {
  const runs: unknown[] = []
  const noting = (...args: Parameters<F>) => {
    runs.push(args.length === 1 ? args[0] : args)
    return fn(...args)
  }
  const memoized = memoizeFunction(stamped(noting as F, parts), { store: memoryStore(), ...options })
  return { memoized, runs }
}

let warnings: string[] = []
let stop = () => {}
const codes = () => warnings.map((warning) => warning.slice(0, 6))
const { MINTMARK_MODE, MINTMARK_STRICT } = process.env

test.before.each(() => {
  delete process.env.MINTMARK_MODE
  delete process.env.MINTMARK_STRICT
  warnings = []
  forgetWarnings()
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())
test.after(() => {
  Object.assign(process.env, MINTMARK_MODE && { MINTMARK_MODE }, MINTMARK_STRICT && { MINTMARK_STRICT })
})

const rejection = (what: Promise<unknown>): Promise<any> =>
  what.then(
    () => assert.unreachable('it was fulfilled'),
    (error) => error,
  )

test('a second call with the same arguments does not run', async () => {
  const { memoized, runs } = counted(async (a: number, b: number) => a + b)
  assert.equal([await memoized(1, 2), await memoized(1, 2), await memoized(2, 1)], [3, 3, 3])
  assert.equal(runs, [
    [1, 2],
    [2, 1],
  ])
  assert.equal(warnings, [])
})

test('another process with the same folder does not run it either', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mintmark-'))
  try {
    const first = counted(async (a: string) => ({ a, at: new Date(5) }), { store: fsStore({ dir, durability: 'none' }) })
    const second = counted(async (a: string) => ({ a, at: new Date(5) }), { store: fsStore({ dir, durability: 'none' }) })
    const run = await first.memoized('x')
    assert.equal(await second.memoized('x'), run)
    assert.equal([first.runs, second.runs], [['x'], []])
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a function that is not async is, once memoized', async () => {
  const { memoized, runs } = counted((a: number) => a * 2)
  const promise: Promise<number> = memoized(2)
  assert.instance(promise, Promise)
  assert.equal([await promise, await memoized(2)], [4, 4])
  assert.equal(runs, [2])
})

const RESULTS: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  'minus zero': () => -0,
  'a Map of many things': () =>
    new Map<unknown, unknown>([
      [1n, new Set([/x/g])],
      [undefined, Buffer.from('b')],
    ]),
  'a cycle': () => Object.assign([] as unknown[], { 0: 1 }),
  'something frozen': () => Object.freeze({ a: 1 }),
  'an error as a value': () => new TypeError('returned', { cause: 1 }),
  'more than fits an entry': () => 'x'.repeat(100_000),
}
for (const [name, make] of Object.entries(RESULTS)) {
  test(`a run and a hit return the same: ${name}`, async () => {
    const { memoized, runs } = counted(async () => make())
    const [run, hit] = [await memoized(), await memoized()]
    assert.ok(same(run, hit))
    assert.ok(same(run, make()))
    assert.is(Object.isFrozen(run), Object.isFrozen(hit))
    assert.is(runs.length, 1)
  })
}

test('what a caller does to a result harms nobody', async () => {
  const { memoized } = counted(async () => ({ list: [1] }))
  const [run, waited] = await Promise.all([memoized(), memoized()])
  const hit = await memoized()
  run.list.push(2)
  waited.list.push(3)
  hit.list.push(4)
  assert.equal(await memoized(), { list: [1] })
  assert.equal([run, waited, hit], [{ list: [1, 2] }, { list: [1, 3] }, { list: [1, 4] }])
})

test('of any value, nobody can tell a run from a hit, and each caller has a copy', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mintmark-any-'))
  const disk = fsStore({ dir, durability: 'none' })
  try {
    await fc.assert(
      fc.asyncProperty(fc.oneof(tree, graph), fc.constantFrom('memory', 'fs'), fc.uuid(), async (value, where, code) => {
        const { memoized, runs } = counted(() => value, { store: where === 'fs' ? disk : memoryStore() }, { code })
        const results = [await memoized(), await memoized(), await memoized()]
        const isObject = typeof value === 'object' && value !== null
        if (isObject) for (const result of results) Object.assign(result as object, { changed: true })
        const last = await memoized()
        return runs.length === 1 && same(last, value) && (!isObject || new Set([value, last, ...results]).size === 5)
      }),
      draws(150),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('what the memory store keeps is asked for at every call', async () => {
  const store = memoryStore()
  const { memoized, runs } = counted((n: number) => ({ n, run: runs.length }), { store })
  for (let i = 0; i < 3; i++) assert.equal(await memoized(1), { n: 1, run: 1 })
  assert.equal(await memoized.force(1), { n: 1, run: 2 })
  for (let i = 0; i < 2; i++) assert.equal(await memoized(1), { n: 1, run: 2 })
  await store.delete('entries', memoized.key(1))
  assert.equal(await memoized(1), { n: 1, run: 3 })
  await store.put('entries', memoized.key(1), (await store.get('entries', memoized.key(1)))!.slice(0, -1), { replace: true })
  assert.equal(await memoized(1), { n: 1, run: 4 })
  assert.equal(await memoized.with({ ttl: 0 })(1), { n: 1, run: 5 })
})

test('arguments count as they were before the call', async () => {
  const { memoized, runs } = counted(async (list: number[]) => list.push(9))
  assert.is(await memoized([1]), 2)
  assert.is(await memoized([1]), 2)
  assert.is(await memoized([1, 9]), 3)
  assert.is(runs.length, 2)
})

const KEYS: Readonly<Record<string, [FunctionOptions, StampParts]>> = {
  base: [{}, {}],
  code: [{}, { code: 'edited' }],
  version: [{ version: 2 }, {}],
  salt: [{ salt: 's' }, {}],
  captures: [{}, { captures: () => ({ a: 1 }) }],
  'other captures': [{}, { captures: () => ({ a: 2 }) }],
}

test('code, version, salt and captures are in the key', () => {
  const keys = Object.values(KEYS).map(([options, parts]) => counted(async () => 1, options, parts).memoized.key())
  assert.is(new Set(keys).size, keys.length)
})

test('arguments that differ by a trailing undefined differ', () => {
  const { memoized } = counted(async (...args: unknown[]) => args.length)
  assert.is.not(memoized.key(1), memoized.key(1, undefined))
})

test('a key is the same the second time, and no other arguments have it', () => {
  const { memoized } = counted(async (...args: unknown[]) => args.length)
  const fresh = (args: readonly unknown[]) => counted(async (...args: unknown[]) => args.length).memoized.key(...args)
  // Texts of which one could be taken for two, or for a number and a text.
  const texts = ['', '1', '12', '1:x', '#1,', '=true,', 'true', '\ud800', '\udc00', 'x'.repeat(300)]
  const primitive = fc.constantFrom<unknown>(...texts, 0, -0, 1, 12, 1.5, Number.NaN, Number.POSITIVE_INFINITY, true, undefined, null, 1n)
  const seen = new Map<string, string>()
  fc.assert(
    fc.property(fc.array(fc.oneof(primitive, fc.constantFrom<unknown>([1], { a: '1' }, [])), { maxLength: 4 }), (args) => {
      const [key, told] = [memoized.key(...args), args.map((arg) => `${typeof arg} ${inspect(arg)}`).join()]
      assert.is(memoized.key(...args), key)
      assert.is(fresh(args), key)
      assert.is(seen.get(key) ?? told, told)
      seen.set(key, told)
    }),
    draws(300),
  )
})

test('a captured variable counts as it is at each call', async () => {
  let factor = 2
  const { memoized, runs } = counted(async (a: number) => a * factor, {}, { captures: () => ({ factor }) })
  assert.is(await memoized(1), 2)
  factor = 3
  assert.is(await memoized(1), 3)
  factor = 2
  assert.is(await memoized(1), 2)
  assert.equal(runs, [1, 1])
})

test('only what `inputs` chooses counts', async () => {
  const { memoized, runs } = counted(async (a: number, _log: () => void) => a, { inputs: (a: number) => a })
  await memoized(1, () => {})
  await memoized(1, () => {})
  assert.is(runs.length, 1)
  assert.equal(warnings, [])
})

test('force runs and replaces', async () => {
  let n = 0
  const { memoized, runs } = counted(async () => ++n)
  assert.equal([await memoized(), await memoized.force(), await memoized()], [1, 2, 2])
  assert.is(runs.length, 2)
})

test('peek runs nothing', async () => {
  const { memoized, runs } = counted(async (a: number) => [a])
  assert.equal(await memoized.peek(1), { hit: false, reason: 'absent' })
  await memoized(1)
  assert.equal(await memoized.peek(1), { hit: true, value: [1] })
  assert.is(runs.length, 1)
  const expired = counted(async () => 1, { ttl: 0 })
  await expired.memoized()
  assert.equal(await expired.memoized.peek(), { hit: false, reason: 'expired' })
  assert.equal(await counted(async () => 1, { mode: 'off' }).memoized.peek(), { hit: false, reason: 'off' })
  assert.equal(await memoized.peek((() => 1) as never), { hit: false, reason: 'unkeyed' })
})

test('what is thrown comes through untouched and is not stored', async () => {
  const error = Object.assign(new Error('no'), { extra: () => 1 })
  const { memoized, runs } = counted(async () => {
    throw error
  })
  assert.is(await rejection(memoized()), error)
  assert.is(await rejection(memoized()), error)
  const thrower = counted((): number => {
    throw error
  })
  assert.is(await rejection(thrower.memoized()), error)
  assert.is(runs.length, 2)
})

test('calls at the same time run once', async () => {
  const { memoized, runs } = counted(async (a: number) => ({ a }))
  const results = await Promise.all([memoized(1), memoized(1), memoized(2), memoized(1)])
  assert.equal(results, [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }])
  assert.is(new Set(results).size, 4)
  assert.equal(runs, [1, 2])
})

test('calls at the same time fail together, and the next one runs again', async () => {
  let fails = true
  const error = new Error('once')
  const { memoized, runs } = counted(async () => {
    if (fails) throw error
    return 1
  })
  assert.equal(await Promise.all([rejection(memoized()), rejection(memoized())]), [error, error])
  fails = false
  assert.is(await memoized(), 1)
  assert.is(runs.length, 2)
})

test('force runs though the same is under way, and later calls wait for it', async () => {
  const gates: ((value: number) => void)[] = []
  const { memoized } = counted(() => new Promise<number>((resolve) => gates.push(resolve)))
  const first = memoized()
  while (gates.length < 1) await new Promise(setImmediate)
  const forced = memoized.force()
  while (gates.length < 2) await new Promise(setImmediate)
  gates[0]!(1)
  assert.is(await first, 1)
  const later = memoized()
  gates[1]!(2)
  assert.equal(await Promise.all([forced, later, memoized()]), [2, 2, 2])
  assert.equal([await memoized(), gates.length], [2, 2])
})

test('a waiter with a shorter ttl does not take what is too old for it', async () => {
  const store = memoryStore()
  const old = counted(async () => 'old', { store })
  const fresh = counted(async () => 'fresh', { store, ttl: 0 })
  await old.memoized()
  assert.equal(await Promise.all([old.memoized(), fresh.memoized()]), ['old', 'fresh'])
})

test('an expired result is replaced', async () => {
  const store = memoryStore()
  const { memoized } = counted(async () => 1, { store })
  await memoized()
  const { memoized: none, runs } = counted(async () => 2, { store, ttl: 0 })
  assert.equal([await none(), await none(), await memoized()], [2, 2, 2])
  assert.is(runs.length, 2)
})

test('an entry of a later version is run past and stays, until it is refreshed', async () => {
  const store = memoryStore()
  const { memoized, runs } = counted(async () => 'x', { store })
  const later = Buffer.from('MMe\xff and something that is not known yet', 'latin1')
  await store.put('entries', memoized.key(), later)
  assert.equal([await memoized(), await memoized()], ['x', 'x'])
  assert.is(runs.length, 2)
  assert.equal(await memoized.peek(), { hit: false, reason: 'newer' })
  assert.ok(later.equals((await store.get('entries', memoized.key()))!))
  await memoized.force()
  assert.equal(await memoized.peek(), { hit: true, value: 'x' })
})

test('a damaged entry and a lost blob heal by running again', async () => {
  const store = memoryStore()
  const big = 'x'.repeat(100_000)
  const { memoized, runs } = counted(async () => big, { store })
  await memoized()
  await store.put('entries', memoized.key(), Buffer.from('damaged'), { replace: true })
  await memoized()
  await memoized()
  assert.is(runs.length, 2)
  for await (const { id } of store.list('blobs')) await store.delete('blobs', id)
  assert.equal([await memoized(), await memoized()], [big, big])
  assert.is(runs.length, 3)
})

const MODES: readonly (readonly [mode: FunctionOptions['mode'], stored: boolean, runs: number, calls: string[]])[] = [
  ['default', false, 1, ['get entries', 'put claims', 'get entries', 'put entries', 'get entries']],
  ['default', true, 0, ['get entries', 'get entries']],
  ['refresh', true, 2, ['put entries (replace)', 'put entries (replace)']],
  ['readonly', false, 2, ['get entries', 'get entries']],
  ['readonly', true, 0, ['get entries', 'get entries']],
  ['off', true, 2, []],
]
for (const [mode, stored, expected, expectedCalls] of MODES) {
  for (const by of ['option', 'environment']) {
    test(`mode ${mode} by ${by}, ${stored ? 'stored' : 'not stored'}: two calls run ${expected} times`, async () => {
      const { store, calls } = watched(memoryStore())
      if (stored) await counted(async () => 1, { store }).memoized()
      calls.length = 0
      if (by === 'environment') process.env.MINTMARK_MODE = mode
      const { memoized, runs } = counted(async () => 1, { store, ...(by === 'option' && mode && { mode }) })
      await memoized()
      await memoized()
      assert.is(runs.length, expected)
      assert.equal(calls, expectedCalls)
    })
  }
}

test('a mode in the environment that is none is an error', async () => {
  process.env.MINTMARK_MODE = 'of'
  assert.match((await rejection(counted(async () => 1).memoized())).message, /^MM5020 there is no mode "of"/)
})

test('refresh at the same time runs once', async () => {
  const { memoized, runs } = counted(async () => 1, { mode: 'refresh' })
  await Promise.all([memoized(), memoized()])
  assert.is(runs.length, 1)
})

test('without a stamp, functions run uncached with one warning that says how to add the plugin', async () => {
  const runs: string[] = []
  const make = (name: string) =>
    memoizeFunction(
      Object.defineProperty(async () => runs.push(name), 'name', { value: name }),
      { store: memoryStore() },
    )
  const [a, b] = [make('a'), make('b')]
  await a()
  await a()
  await b()
  assert.equal(runs, ['a', 'a', 'b'])
  assert.is(warnings.length, 1)
  assert.match(
    warnings[0]!,
    /^MM2101 `a`, .*\{ "transform": "mintmark\/transformer", "transformProgram": true \}.*`tspc`.*`mintmark\/esbuild`/,
  )
  assert.throws(() => a.key(), /^MM2101/)
})

test('a stamp of another format runs uncached with its own warning', async () => {
  const { memoized, runs } = counted(async () => 1, {}, { format: FORMAT + 1 })
  await memoized()
  await memoized()
  assert.is(runs.length, 2)
  assert.equal(codes(), ['MM2102'])
})

test('an argument without stable bytes runs uncached, with one warning for each path', async () => {
  const { memoized, runs } = counted(async (cfg: object) => cfg)
  const client = new (class Socket {})()
  const cfg = { client }
  assert.is(await memoized(cfg), cfg, 'uncached is as if there were no cache')
  await memoized({ client, n: 2 })
  await memoized({ log: () => 1 })
  assert.is(runs.length, 3)
  assert.equal(codes(), ['MM2103', 'MM2103'])
  assert.match(warnings[0]!, '`test.ts#fn` runs uncached: an argument, `$[0].client` (Socket)')
  assert.match(warnings[1]!, '`$[0].log` (function)')
})

test('a captured variable without stable bytes runs uncached, with a warning that names it', async () => {
  const { memoized, runs } = counted(async () => 1, {}, { captures: () => ({ n: 1, db: new WeakMap() }) })
  await memoized()
  await memoized()
  assert.is(runs.length, 2)
  assert.equal(codes(), ['MM2104'])
  assert.match(warnings[0]!, '`db` (WeakMap)')
})

test('a captured variable that is not set yet runs uncached', async () => {
  const { memoized } = counted(async () => 1, {}, { captures: () => ({ later }) })
  const call = memoized()
  const later = 1
  assert.is(await call, 1)
  assert.equal(codes(), ['MM2104'])
})

test('a result without stable bytes is returned as it is, not stored, and told once', async () => {
  const made: object[] = []
  const { store, calls } = watched(memoryStore())
  const { memoized } = counted(
    async () => {
      made.push({ close: () => {} })
      return made.at(-1)
    },
    { store },
  )
  const [a, b] = await Promise.all([memoized(), memoized()])
  assert.is(await memoized(), made[2])
  // Two callers never share an object that nobody could copy.
  assert.equal([a === made[0], b === made[1]], [true, true])
  assert.not(calls.some((call) => call.startsWith('put') && call !== 'put claims'))
  assert.equal(codes(), ['MM2105'])
  assert.match(warnings[0]!, '`$.close` (function)')
})

test('trouble of the store is no trouble for the caller', async () => {
  for (const call of ['get', 'put'] as const) {
    const { memoized, runs } = counted(async () => ({ a: 1 }), { store: failing(memoryStore(), call, 'entries', new Error('gone')) })
    assert.equal([await memoized(), await memoized()], [{ a: 1 }, { a: 1 }])
    assert.is(runs.length, 2)
  }
  assert.equal(codes(), ['MM3000', 'MM3000'])
})

const STRICT: Readonly<Record<string, () => () => Promise<unknown>>> = {
  MM2101: () => memoizeFunction(async () => 1, { store: memoryStore() }),
  MM2102: () => counted(async () => 1, {}, { format: 0 }).memoized,
  MM2103: () => counted(async (_fn?: unknown) => 1).memoized.bind(undefined, () => 1),
  MM2104: () => counted(async () => 1, {}, { captures: () => ({ f: () => 1 }) }).memoized,
  MM2105: () => counted(async () => () => 1).memoized,
}
for (const [code, make] of Object.entries(STRICT)) {
  test(`strict, ${code} is an error`, async () => {
    process.env.MINTMARK_STRICT = '1'
    const error = await rejection(make()())
    assert.instance(error, MintmarkError)
    assert.is(error.code, code)
    assert.equal(warnings, [])
  })
}

test('strict, trouble of the store is an error', async () => {
  const gone = new Error('gone')
  const store: Store = failing(memoryStore(), 'get', 'entries', gone)
  assert.is(await rejection(counted(async () => 1, { store, strict: true }).memoized()), gone)
})

test('the default store is the folder .mintmark in the current one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mintmark-'))
  const home = process.cwd()
  process.chdir(dir)
  try {
    const memoized = memoizeFunction(stamped(async () => 'kept'))
    await memoized()
    const { hit } = await memoizeFunction(
      stamped(async () => 'kept'),
      { store: fsStore({ dir: join(dir, '.mintmark') }) },
    ).peek()
    assert.ok(hit)
  } finally {
    process.chdir(home)
    rmSync(dir, { recursive: true })
  }
})

const DURATIONS: readonly (readonly [string | number, number])[] = [
  [0, 0],
  [1500, 1500],
  [Infinity, Infinity],
  ['250ms', 250],
  ['30s', 30_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
  [' 2 w ', 1_209_600_000],
]
test('a ttl is milliseconds or a count with its unit', () => {
  for (const [duration, ms] of DURATIONS) assert.is(parseDuration(duration), ms)
  for (const wrong of [-1, Number.NaN, '', '10', 'm', '10 months', '-1s', '1e3s', null]) {
    assert.throws(() => parseDuration(wrong as never), /^MM2004/)
    assert.throws(() => memoizeFunction(async () => 1, { ttl: wrong as never }), /^MM2004/)
  }
})

test('the types of a memoized function are those of the function', async () => {
  const { memoized } = counted(async (a: number, b?: string) => ({ a, b }))
  const result: { a: number; b: string | undefined } = await memoized(1)
  // @ts-expect-error the first argument is a number
  memoized.key('1')
  const peeked = await memoized.peek(1, 'b')
  const value: number | undefined = peeked.hit ? peeked.value.a : undefined
  const generic = memoizeFunction(
    stamped(async <T>(x: T): Promise<T[]> => [x]),
    { store: memoryStore() },
  )
  const strings: string[] = await generic('x')
  const forced: number[] = await generic.force(1)
  assert.equal([result.a, value, strings, forced], [1, undefined, ['x'], [1]])
  assert.is(memoizeFunction(stamped(async function load() {})).name, 'load')
})

test.run()
