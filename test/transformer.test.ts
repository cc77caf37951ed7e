// The plugin under the real `tspc`: stamps stand in the emitted code, whatever the module format and the kind of decorators.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ClassStamp, Manifest } from '../runtime/contract.js'
import { closureIn } from '../transformer/manifest.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

const FLOW = `
import { FlowSpec, memoize as remember, step } from 'mintmark'
import * as mm from 'mintmark'
import { cached, cachedFunction } from './marks'
import { helper } from './helper'

export class Flow extends FlowSpec {
  list: number[] = []
  output = 0
  @step start(): void { this.list = [1, 2]; this.next(this.work, { foreach: 'list' }) }
  @step @remember({ outputs: ['output'] }) work(): void { this.output = helper(this.input); this.next(this.other) }
  @mm.step other(): void { this.next(this.wrapped) }
  @cached wrapped(): void { this.next(this.end) }
  @step end(): void {}
}
export class Service {
  @remember({}) async ask(n: number): Promise<number> { return helper(n) }
}
export const direct = remember(async (n: number) => helper(n), { version: 1 })
export const bare = mm.memoize(async (n: number) => n)
export const wrapped = cachedFunction(async (n: number) => helper(n))
export function make(k: number) {
  const twice = (n: number): number => n * 2
  return remember(async (n: number) => twice(n) + k + arguments[0] - k + Number(new.target !== undefined))
}
`

const FILES = {
  'src/flow.ts': FLOW,
  'src/helper.ts': 'export const helper = (n: number): number => n * 100\n',
  'src/marks.ts': `
import { memoize } from 'mintmark'
export const cached = memoize({ version: 'v1' })
export const cachedFunction = (fn: (n: number) => Promise<number>) => memoize(fn, { ttl: 60_000 })
`,
  // The stamps, seen from outside.
  'probe.mjs': `
const loaded = await import('./dist/flow.js')
const m = loaded.default?.Flow ? loaded.default : loaded
const STAMP = Symbol.for('mintmark.stamp')
const stamps = { Flow: m.Flow[STAMP], Service: m.Service[STAMP], own: Object.hasOwn(m.Flow, STAMP) }
console.log(JSON.stringify(stamps))
`,
}

interface Mode {
  readonly name: string
  readonly options: Record<string, unknown>
  readonly type: 'module' | 'commonjs'
}

const MODES: readonly Mode[] = [
  { name: 'ESM, standard decorators', options: { module: 'esnext', moduleResolution: 'bundler' }, type: 'module' },
  {
    name: 'ESM, legacy decorators',
    options: { module: 'esnext', moduleResolution: 'bundler', experimentalDecorators: true },
    type: 'module',
  },
  { name: 'CommonJS, standard decorators', options: { module: 'nodenext', moduleResolution: 'nodenext' }, type: 'commonjs' },
  {
    name: 'CommonJS, legacy decorators with metadata',
    options: { module: 'nodenext', moduleResolution: 'nodenext', experimentalDecorators: true, emitDecoratorMetadata: true },
    type: 'commonjs',
  },
  {
    name: 'ESM, fields that assign',
    options: { module: 'esnext', moduleResolution: 'bundler', useDefineForClassFields: false },
    type: 'module',
  },
]

function tsconfig(options: Record<string, unknown>): string {
  const compilerOptions = {
    target: 'es2022',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    rootDir: 'src',
    outDir: 'dist',
    plugins: [{ transform: 'mintmark/transformer' }],
    ...options,
  }
  return JSON.stringify({ compilerOptions, include: ['src'] })
}

function withBench(run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    run(bench)
  } finally {
    bench.remove()
  }
}

function compiled(bench: Workbench): string {
  const { status, stdout, stderr } = bench.compile()
  assert.is(status, 0, stdout + stderr)
  return bench.read('dist/flow.js')
}

const filesFor = ({ options, type }: Mode): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(FILES).map(([name, text]) => [name, type === 'module' ? text.replace(/'(\.\/(?:marks|helper))'/g, "'$1.js'") : text]),
  ),
  'package.json': JSON.stringify({ type }),
  'tsconfig.json': tsconfig(options),
})

const seen = new Map<string, string>()
for (const mode of MODES) {
  test(`stamps in ${mode.name}`, () =>
    withBench((bench) => {
      bench.write(filesFor(mode))
      const code = compiled(bench)
      const { stdout, stderr, status } = bench.node(['probe.mjs'])
      assert.is(status, 0, stderr)
      const { Flow, Service, own } = JSON.parse(stdout) as { Flow: ClassStamp; Service: ClassStamp; own: boolean }
      assert.ok(own)
      assert.equal(Object.keys(Flow.steps).sort(), ['end', 'other', 'start', 'work', 'wrapped'])
      assert.equal(Object.keys(Service.steps), ['ask'])
      assert.equal(Flow.steps.start?.next, { targets: ['work'], foreach: 'list' })
      assert.equal(Flow.steps.work?.reads, ['input'])
      assert.is(code.match(/kind: "function"/g)?.length, 4, 'direct, bare, wrapped and the one made in a function')
      assert.match(code, 'captures: () => ({ "arguments": [...arguments], "k": k, "new.target": new.target })')
      const manifest = JSON.parse(bench.read('dist/mintmark.json')) as Manifest
      assert.equal(
        Object.keys(manifest.steps)
          .map((id) => id.replace('src/flow.ts#', ''))
          .filter((id) => !id.includes('Flow')),
        ['Service.ask', 'bare', 'direct', 'make:24', 'wrapped'],
      )
      const work = 'src/flow.ts#Flow.work'
      assert.is(manifest.steps[work]!.fingerprint, Flow.steps.work?.fingerprint)
      assert.ok(closureIn(manifest, work)!.some((c) => c.id === 'src/helper.ts#helper'))
      seen.set(mode.name, Flow.steps.work!.fingerprint)
    }))
}

test('the module format and the kind of decorators are no part of a fingerprint without decorators of the user; how fields work is', () => {
  assert.is(seen.size, MODES.length)
  const assigning = seen.get('ESM, fields that assign')
  const others = [...seen.values()].filter((f) => f !== assigning)
  assert.is(others.length, MODES.length - 1)
  assert.is(new Set(others).size, 1)
})

test('what is stamped runs, is found again, and feels an edit of its helper and of what it captures', () =>
  withBench((bench) => {
    bench.write({
      ...filesFor(MODES[0]!),
      'run.mjs': `
import { direct, wrapped, make } from './dist/flow.js'
const peeks = []
for (const f of [direct, wrapped, make(1), make(Number(process.argv[2]))]) { peeks.push((await f.peek(3)).hit); await f(3) }
console.log(JSON.stringify([...peeks, await direct(3), await make(1)(3)]))
`,
    })
    const run = (k: number): unknown => {
      const { stdout, stderr, status } = bench.node(['run.mjs', String(k)])
      assert.is(status, 0, stderr)
      assert.not.match(stderr, 'MM2101')
      return JSON.parse(stdout)
    }
    compiled(bench)
    assert.equal(run(2), [false, false, false, false, 300, 7])
    assert.equal(run(2), [true, true, true, true, 300, 7])
    assert.equal(run(3), [true, true, true, false, 300, 7])
    bench.edit('src/helper.ts', '100', '1000')
    compiled(bench)
    assert.equal(run(3), [false, false, true, true, 3000, 7])
    bench.edit('src/flow.ts', 'n * 2', 'n * 3')
    compiled(bench)
    assert.equal(run(3), [true, true, false, false, 3000, 10])
  }))

test('the stamp of a function given by name is that of its own options', () =>
  withBench((bench) => {
    bench.write({
      'package.json': '{"type":"module"}',
      'tsconfig.json': tsconfig(MODES[0]!.options),
      'src/flow.ts': `
import { memoize } from 'mintmark'
const shared = async (n: number) => n + 1
export const one = memoize(shared, { version: 1 })
export const two = memoize(shared, { version: 2 })
console.log(JSON.stringify([one.key(1) === two.key(1), one.key(1) === one.key(1)]))
`,
    })
    compiled(bench)
    const { stdout, stderr } = bench.node(['dist/flow.js'])
    assert.equal(JSON.parse(stdout || stderr), [false, true])
  }))

test('one function that is memoized twice has two stamps, and a method that is only named has one', () =>
  withBench((bench) => {
    bench.write({
      'package.json': '{"type":"module"}',
      'tsconfig.json': tsconfig(MODES[0]!.options),
      'src/flow.ts': `
import { memoize } from 'mintmark'
async function both(o: { x: number; y: number }) { return o.x * 100 + o.y }
const byX = memoize(both, { inputs: (o) => o.x })
const byY = memoize(both, { inputs: (o) => o.y })
const tools = { twice: async (n: number) => n * 2 }
const twice = memoize(tools.twice)
console.log(JSON.stringify([await byX({ x: 1, y: 2 }), await byY({ x: 3, y: 1 }), await twice(4), (await twice.peek(4)).hit]))
`,
    })
    compiled(bench)
    const { stdout, stderr } = bench.node(['dist/flow.js'])
    assert.equal(JSON.parse(stdout || stderr), [102, 301, 8, true])
    assert.not.match(stderr, 'MM')
  }))

test('a setting that cannot be understood ends the compiler with one line', () =>
  withBench((bench) => {
    bench.write({
      ...filesFor(MODES[0]!),
      'tsconfig.json': tsconfig({ ...MODES[0]!.options, plugins: [{ transform: 'mintmark/transformer', packages: 'all' }] }),
    })
    const { status, stderr } = bench.compile()
    assert.is(status, 2)
    assert.match(stderr, /^MM5030 [^\n]*\n$/)
  }))

test('a file without steps is left as it is', () =>
  withBench((bench) => {
    bench.write(filesFor(MODES[0]!))
    compiled(bench)
    const helper = bench.read('dist/helper.js')
    assert.is(helper, 'export const helper = (n) => n * 100;\n')
  }))

test.run()
