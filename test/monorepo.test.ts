// Workspaces, as npm and pnpm lay them out: steps in one package, their helpers in another, as source and as JavaScript.

import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprintModule, openReader } from '../transformer/analysis.js'
import { openProject } from '../transformer/project.js'
import { openWorkbench, REPOSITORY, type Workbench } from './support/workbench.js'

const MINTMARK = path.join(REPOSITORY, 'dist/cli/main.js')
type Files = Readonly<Record<string, string>>
type Links = Readonly<Record<string, string>>

const json = (value: object): string => JSON.stringify(value)
const OPTIONS = { target: 'es2022', lib: ['es2022'], module: 'nodenext', strict: true, skipLibCheck: true, types: [] }
const DEP = {
  'package.json': json({ name: 'dep', version: '1.0.0', type: 'module', exports: './index.js' }),
  'index.js': 'export const dep = 1',
  'index.d.ts': 'export declare const dep: number',
}

const APP: Files = {
  'app/package.json': json({ name: '@w/app', type: 'module', dependencies: { '@w/lib': 'workspace:*' } }),
  'app/tsconfig.json': json({
    compilerOptions: {
      ...OPTIONS,
      rootDir: '..',
      outDir: 'dist',
      plugins: [{ transform: 'mintmark/transformer', transformProgram: true }],
    },
    include: ['src'],
  }),
  'app/src/flow.ts': `
import { FlowSpec, memoize, step } from 'mintmark'
import { outer } from '@w/lib'
import { sub } from '@w/lib/sub'
import { print } from './print.js'
export class F extends FlowSpec {
  @step @memoize({}) f() { return outer(1) }
  @step @memoize({}) g() { return sub(1) }
}
print(F, outer(1), sub(1))
`,
  'app/src/print.ts': `
declare const console: { log(text: string): void }
export function print(F: any, ...results: number[]): void {
  console.log(JSON.stringify(F[Symbol.for('mintmark.stamp')]))
  console.log(results.join(' '))
}
`,
}

/** How `@w/lib` is had: the files it exports, and those that are edited. */
const LIBRARIES: readonly (readonly [name: string, files: Files, edited: string])[] = [
  [
    'as source',
    {
      'lib/package.json': json({
        name: '@w/lib',
        version: '1.0.0',
        type: 'module',
        dependencies: { dep: '*' },
        exports: { '.': './src/index.ts', './sub': './src/sub.ts' },
      }),
      'lib/tsconfig.json': json({ compilerOptions: OPTIONS }),
      'lib/src/index.ts': `import { inner } from './inner.js'\nimport { dep } from 'dep'\nexport const outer = (n: number): number => inner(n) * dep\n`,
      'lib/src/inner.ts': 'export function inner(n: number): number {\n  return n * 1\n}\n',
      'lib/src/sub.ts': 'export const sub = (n: number): number => n\n',
    },
    'lib/src/inner.ts',
  ],
  [
    'as JavaScript with its declarations beside it',
    {
      'lib/package.json': json({
        name: '@w/lib',
        version: '1.0.0',
        type: 'module',
        dependencies: { dep: '*' },
        exports: {
          '.': { types: './dist/index.d.ts', default: './dist/index.js' },
          './sub': { types: './dist/sub.d.ts', import: './dist/sub.js', require: './dist/sub.cjs' },
        },
      }),
      'lib/dist/index.js': `import { inner } from './inner.js'\nimport { dep } from 'dep'\nexport const outer = (n) => inner(n) * dep\n`,
      'lib/dist/index.d.ts': 'export declare const outer: (n: number) => number\n',
      'lib/dist/inner.js': 'export function inner(n) {\n  return n * 1\n}\n',
      'lib/dist/inner.d.ts': 'export declare function inner(n: number): number\n',
      'lib/dist/sub.js': 'export const sub = (n) => n\n',
      'lib/dist/sub.cjs': 'exports.sub = (n) => n\n',
      'lib/dist/sub.d.ts': 'export declare const sub: (n: number) => number\n',
      // What it was made from lies beside it, newer than the build.
      'lib/src/inner.ts': 'export function inner(n: number): number {\n  return n * 7\n}\n',
    },
    'lib/dist/inner.js',
  ],
  [
    'as JavaScript that has two builds',
    {
      'lib/package.json': json({
        name: '@w/lib',
        version: '1.0.0',
        type: 'module',
        dependencies: { dep: '*' },
        exports: {
          '.': {
            import: { types: './esm/index.d.ts', default: './esm/index.js' },
            require: { types: './cjs/index.d.cts', default: './cjs/index.cjs' },
          },
          './sub': './esm/sub.js',
        },
      }),
      'lib/esm/index.js': `import { inner } from './inner.js'\nimport { dep } from 'dep'\nexport const outer = (n) => inner(n) * dep\n`,
      'lib/esm/index.d.ts': 'export declare const outer: (n: number) => number\n',
      'lib/esm/inner.js': 'export function inner(n) {\n  return n * 1\n}\n',
      'lib/esm/sub.js': 'export const sub = (n) => n\n',
      'lib/esm/sub.d.ts': 'export declare const sub: (n: number) => number\n',
      'lib/cjs/index.cjs': 'exports.outer = (n) => n\n',
      'lib/cjs/index.d.cts': 'export declare const outer: (n: number) => number\n',
    },
    'lib/esm/inner.js',
  ],
]

const under = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))

/** Link -> where it leads, both from the root; and where the package `dep` lies. */
const LAYOUTS: readonly (readonly [name: string, files: Files, links: Links, dep: string])[] = [
  [
    'npm',
    { 'package.json': json({ private: true, workspaces: ['packages/*'] }) },
    { 'node_modules/@w/lib': 'packages/lib', 'node_modules/@w/app': 'packages/app' },
    'node_modules/dep',
  ],
  [
    'pnpm',
    { 'package.json': json({ private: true }), 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' },
    {
      'packages/app/node_modules/@w/lib': 'packages/lib',
      'packages/app/node_modules/mintmark': 'node_modules/.pnpm/mintmark@1.0.0/node_modules/mintmark',
      'packages/lib/node_modules/dep': 'node_modules/.pnpm/dep@1.0.0/node_modules/dep',
    },
    'node_modules/.pnpm/dep@1.0.0/node_modules/dep',
  ],
]

interface Seen {
  /** Fingerprints of the two steps: `f` reaches what is edited, `g` does not. */
  readonly f: string
  readonly g: string
}

function told(bench: Workbench): Seen {
  const { stdout, stderr } = bench.node([MINTMARK, 'fingerprint', '--json', 'packages/app/src/flow.ts'])
  assert.is(stderr, '')
  const all = JSON.parse(stdout)
  return { f: all['packages/app/src/flow.ts#F.f'], g: all['packages/app/src/flow.ts#F.g'] }
}

/** The same without another process. */
function asked(bench: Workbench): Seen {
  const project = openProject({ ts, root: bench.dir })
  const found = fingerprintModule(openReader(project), project.module(path.join(bench.dir, 'packages/app/src/flow.ts'))!)
  return { f: found.get('F.f')!, g: found.get('F.g')! }
}

function stampsIn(text: string): Seen {
  const [f, g] = [...text.matchAll(/fingerprint"?: ?"([0-9a-f]{64})"/g)].map(([, fingerprint]) => fingerprint)
  return { f: f!, g: g! }
}

function compiled(bench: Workbench): Seen {
  const { status, stdout, stderr } = bench.compile('-p', 'packages/app')
  assert.is(status, 0, stdout + stderr)
  return stampsIn(bench.read('packages/app/dist/app/src/flow.js'))
}

for (const [layout, files, links, dep] of LAYOUTS)
  for (const [library, lib, edited] of LIBRARIES)
    test(`${layout}, a helper package ${library}: every host has the same stamp, fresh after each edit`, () => {
      const bench = openWorkbench()
      try {
        bench.write({ ...files, ...under('packages', { ...APP, ...lib }), ...under(dep, DEP) })
        if (layout === 'pnpm') {
          mkdirSync(path.join(bench.dir, 'node_modules/.pnpm/mintmark@1.0.0/node_modules'), { recursive: true })
          symlinkSync(REPOSITORY, path.join(bench.dir, 'node_modules/.pnpm/mintmark@1.0.0/node_modules/mintmark'), 'dir')
        }
        for (const [link, to] of Object.entries(links)) {
          mkdirSync(path.dirname(path.join(bench.dir, link)), { recursive: true })
          symlinkSync(path.relative(path.dirname(path.join(bench.dir, link)), path.join(bench.dir, to)), path.join(bench.dir, link), 'dir')
        }
        const run = (): { seen: Seen; result: string } => {
          const { status, stdout, stderr } = bench.node([MINTMARK, 'run', 'packages/app/src/flow.ts'])
          assert.is(status, 0, stderr)
          const [stamps = '', result = ''] = stdout.split('\n')
          return { seen: stampsIn(stamps), result }
        }
        const first = run()
        assert.is(first.result, '1 1')
        assert.equal(told(bench), first.seen)
        assert.equal(compiled(bench), first.seen)

        bench.edit(`packages/${edited}`, 'n * 1', 'n * 2')
        const second = run()
        assert.is(second.result, '2 1')
        assert.is.not(second.seen.f, first.seen.f)
        assert.is(second.seen.g, first.seen.g)

        bench.edit(`packages/${edited}`, 'n * 2', 'n * 3 // three')
        const third = run()
        assert.is(third.result, '3 1')
        assert.is.not(third.seen.f, second.seen.f)
        assert.is.not(third.seen.f, first.seen.f)
        assert.equal(told(bench), third.seen)
        assert.equal(compiled(bench), third.seen)

        bench.edit(`packages/${edited}`, ' // three', '')
        assert.equal(asked(bench), third.seen)
        bench.edit('packages/lib/package.json', '"version":"1.0.0"', '"version":"1.0.1"')
        assert.equal(asked(bench), third.seen)
        bench.edit(`${dep}/package.json`, '"version":"1.0.0"', '"version":"1.0.1"')
        const fourth = asked(bench)
        assert.is.not(fourth.f, third.seen.f)
        assert.is(fourth.g, third.seen.g)
      } finally {
        bench.remove()
      }
    })

test.run()
