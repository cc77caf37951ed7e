// A stamp that was baked yesterday and is not emitted again today is a stale hit: every incremental way of building, with two edits of a
// helper's body in a row (the first edit masks the fault), then one that changes nothing.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbench, type Workbench } from './support/workbench.js'

const PLUGIN = { transform: 'mintmark/transformer', transformProgram: true }

function options(more: Record<string, unknown> = {}, plugin: Record<string, unknown> = PLUGIN): string {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    skipLibCheck: true,
    types: [],
    rootDir: 'src',
    outDir: 'dist',
    ...more,
    plugins: [plugin],
  }
  return JSON.stringify({ compilerOptions, include: ['src'] })
}

const FILES = {
  'package.json': '{"type":"module"}',
  'src/flow.ts':
    "import { FlowSpec, memoize, step } from 'mintmark'\nimport { outer } from './outer.js'\nexport class F extends FlowSpec { @step @memoize({}) a() { return outer(1) } }\nexport const f = memoize(async () => outer(2))\n",
  'src/outer.ts': "import { inner } from './inner.js'\nexport const outer = (n: number): number => inner(n)\n",
  'src/inner.ts': 'export function inner(n: number): number {\n  return n * 1\n}\n',
}

/** Every stamp in the output. */
function stamps(bench: Workbench): string {
  return (bench.read('dist/flow.js').match(/fingerprint"?: "[0-9a-f]{64}"/g) ?? []).join()
}

function build(bench: Workbench, args: readonly string[]): string {
  const { status, stdout, stderr } = bench.compile(...args)
  assert.is(status, 0, stdout + stderr)
  return stamps(bench)
}

function scenario(name: string, tsconfig: string, args: readonly string[]): void {
  test(`${name}: fresh after each edit of a helper, the same after none`, () => {
    const bench = openWorkbench()
    try {
      bench.write({ ...FILES, 'tsconfig.json': tsconfig })
      const first = build(bench, args)
      assert.is(first.split(',').length, 2)
      bench.edit('src/inner.ts', 'n * 1', 'n * 2')
      const second = build(bench, args)
      assert.is.not(second, first)
      bench.edit('src/inner.ts', 'n * 2', 'n * 3')
      const third = build(bench, args)
      assert.is.not(third, second)
      bench.edit('src/inner.ts', 'n * 3', 'n * 3 // the same')
      assert.is(build(bench, args), third)
      bench.edit('src/inner.ts', 'n * 3 // the same', 'n * 1')
      assert.is(build(bench, args), first)
    } finally {
      bench.remove()
    }
  })
}

scenario('one-shot', options(), ['-p', '.'])
scenario('incremental', options({ incremental: true }), ['-p', '.'])
scenario('incremental with declarations', options({ incremental: true, declaration: true }), ['-p', '.'])
scenario('incremental with isolatedModules', options({ incremental: true, isolatedModules: true }), ['-p', '.'])
scenario('tspc -b', options({ composite: true }), ['-b'])
scenario('one-shot without transformProgram', options({}, { transform: 'mintmark/transformer' }), ['-p', '.'])

test('an incremental build without transformProgram is warned of', () => {
  const bench = openWorkbench()
  try {
    bench.write({ ...FILES, 'tsconfig.json': options({ incremental: true }, { transform: 'mintmark/transformer' }) })
    assert.match(bench.compile().stderr, /MM1020/)
  } finally {
    bench.remove()
  }
})

for (const [name, plugin] of [
  ['with', PLUGIN],
  ['without', { transform: 'mintmark/transformer' }],
] as const) {
  test(`strict hands what cannot be spoken for to the compiler, ${name} transformProgram`, () => {
    const bench = openWorkbench()
    try {
      bench.write({
        ...FILES,
        'src/inner.ts': 'export const inner = (n: number): number => n * Date.now()\n',
        'tsconfig.json': options({}, plugin),
      })
      const told = bench.compile()
      assert.is(told.status, 0)
      assert.match(told.stderr, 'src/inner.ts:1:49 - warning MM1006: step `F.a`: `Date.now()` reads the clock (F.a -> outer -> inner)')
      bench.write({ 'tsconfig.json': options({}, { ...plugin, strict: true }) })
      const strict = bench.compile()
      assert.is.not(strict.status, 0)
      assert.match(strict.stdout, /src\/inner\.ts\(1,49\): error TS1006: MM1006/)
    } finally {
      bench.remove()
    }
  })
}

test.run()
