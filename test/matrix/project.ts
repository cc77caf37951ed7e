// The project of the matrix: a flow and memoized functions that say what they execute, and a program that reports their stamps and results.
// Its files have logical names, so that the same edits reach it as one package and as three that reference each other.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { install } from '../support/install.js'
import { openWorkbench, type Workbench } from '../support/workbench.js'

export type Layout = 'one' | 'three'
type Name = 'helper' | 'inner' | 'data' | 'texts' | 'main'

const PLACES: Readonly<Record<Layout, Readonly<Record<Name, string>>>> = {
  one: { helper: 'src/helper.ts', inner: 'src/inner.ts', data: 'src/data.json', texts: 'src/texts', main: 'dist/main.js' },
  three: {
    helper: 'packages/lib/src/index.ts',
    inner: 'packages/base/src/index.ts',
    data: 'packages/app/src/data.json',
    texts: 'packages/app/src/texts',
    main: 'packages/app/dist/main.js',
  },
}

/** A project that can be edited, at one point of its history. */
export interface Edited extends Workbench {
  /** Where a file of that name lies. */
  at(name: Name): string
  /** Puts another version of a package in its place, as package managers do: the folder is another one afterwards. */
  upgrade(name: string, version: string): void
}

export interface Setting {
  readonly layout?: Layout
  readonly type?: 'module' | 'commonjs'
  readonly files?: Readonly<Record<string, string>>
  /** Packages of the repository that the project has installed. */
  readonly packages?: readonly string[]
}

const PACKAGES: Readonly<Record<string, (version: string) => Readonly<Record<string, string>>>> = {
  dep: (version) => ({
    'package.json': JSON.stringify({
      name: 'dep',
      version,
      type: 'module',
      main: 'index.js',
      types: 'index.d.ts',
      dependencies: { deeper: '*' },
    }),
    'index.js': `import { deeper } from 'deeper'\nexport const dep = (n) => deeper(n) + ' of dep ${version}'\n`,
    'index.d.ts': 'export declare const dep: (n: number) => string\n',
  }),
  deeper: (version) => ({
    'package.json': JSON.stringify({ name: 'deeper', version, type: 'module', main: 'index.js' }),
    'index.js': `export const deeper = (n) => n + ' of deeper ${version}'\n`,
  }),
}

/** The package as it is, but that it keeps the stamps of the functions that it is given. */
function probe(bench: Workbench): void {
  const own = 'node_modules/mintmark'
  const manifest = JSON.parse(bench.read(`${own}/package.json`))
  const { types, default: main } = manifest.exports['.']
  bench.write({
    [`${own}/package.json`]: JSON.stringify({
      ...manifest,
      exports: { ...manifest.exports, '.': { types: './probe.d.ts', default: './probe.js' } },
    }),
    [`${own}/probe.d.ts`]: `export * from '${types}'\nexport declare const stamps: { id: string, fingerprint: string }[]\n`.replace(
      '.d.ts',
      '.js',
    ),
    [`${own}/probe.js`]: `import { memoize as real } from '${main}'
export * from '${main}'
export const stamps = []
export function memoize(...args) {
  const stamp = typeof args[0] === 'function' && args[0][Symbol.for('mintmark.stamp')]
  if (stamp) stamps.push(stamp)
  return real(...args)
}
`,
  })
}

const helper = (inner: string): string => `import { inner } from '${inner}'
export function helper(n: number): number {
  return inner(n) + 1
}
export const unused = 1
`
const INNER = 'export const inner = (n: number): number => n * 1\n'

function app(from: string, type: Setting['type']): Readonly<Record<string, string>> {
  return {
    'data.json': '{"text":"one"}',
    'texts/a.txt': 'one',
    'flow.ts': `import { FlowSpec, memoize, step } from 'mintmark'
import { helper } from '${from}'
export class Work extends FlowSpec {
  total = 0
  @step start() { this.next(this.work) }
  @step @memoize({}) work() {
    console.log('executing work')
    this.total = helper(10)
    this.next(this.end)
  }
  @step end() {}
}
`,
    'functions.ts': `import { memoize } from 'mintmark'
import { dep } from 'dep'
import data from './data.json'${type === 'commonjs' ? '' : ` with { type: 'json' }`}
export const pack = memoize(async (n: number) => {
  console.log('executing pack')
  return dep(n)
})
export const ask = memoize(async () => {
  console.log('executing ask')
  return data.text
}, { include: ['texts/*.txt'] })
export const alone = memoize(async () => {
  console.log('executing alone')
  return 'alone'
})
`,
    'main.ts': `import { runFlow, stamps } from 'mintmark'
import { Work } from './flow.js'
export async function report(): Promise<void> {
  const { alone, ask, pack } = await import('./functions.js')
  const { artifacts } = await runFlow(Work)
  const results = { work: artifacts.total, pack: await pack(1), ask: await ask(), alone: await alone() }
  const steps = Object.values((Work as any)[Symbol.for('mintmark.stamp')].steps) as { id: string, fingerprint: string }[]
  const found = [...steps, ...stamps].map(({ id, fingerprint }) => [id.replace(/.*[#.]/, ''), fingerprint])
  console.log('REPORT ' + JSON.stringify({ stamps: Object.fromEntries(found), results }))
}
if (process.env.REPORT !== 'when asked') void report()
`,
  }
}

/** What code feels of the options, the same for every host. */
export const OPTIONS = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  experimentalDecorators: true,
  resolveJsonModule: true,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
}

const under = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [path.join(folder, name), text]))

export function tsconfig(more: object = {}): string {
  const plugins = [{ transform: 'mintmark/transformer', transformProgram: true }]
  return JSON.stringify({
    compilerOptions: { ...OPTIONS, rootDir: 'src', outDir: 'dist', plugins, ...more },
    include: ['src', 'src/*.json'],
  })
}

function onePackage(type: Setting['type']): Record<string, string> {
  return {
    'package.json': JSON.stringify({ type }),
    'tsconfig.json': tsconfig(),
    ...under('src', { ...app('./helper.js', type), 'helper.ts': helper('./inner.js'), 'inner.ts': INNER }),
  }
}

/** Packages that reference one another, and import each other by name. */
function threePackages(type: Setting['type']): Record<string, string> {
  const own = (name: string, references: string[], files: Readonly<Record<string, string>>): Record<string, string> =>
    under(`packages/${name}`, {
      'package.json': JSON.stringify({ name, type, exports: { types: './dist/index.d.ts', default: './dist/index.js' } }),
      'tsconfig.json': tsconfig({ composite: true }).replace(
        '"include"',
        `"references":${JSON.stringify(references.map((r) => ({ path: `../${r}` })))},"include"`,
      ),
      ...under('src', files),
    })
  return {
    'package.json': JSON.stringify({ type, private: true }),
    'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'packages/app' }] }),
    ...own('base', [], { 'index.ts': INNER }),
    ...own('lib', ['base'], { 'index.ts': helper('base') }),
    ...own('app', ['lib'], app('lib', type)),
  }
}

export function openProject({ layout = 'one', type = 'module', files = {}, packages = [] }: Setting): Edited {
  const bench = openWorkbench()
  rmSync(path.join(bench.dir, 'node_modules/mintmark'))
  install(bench.dir, packages)
  bench.write({ ...(layout === 'one' ? onePackage(type) : threePackages(type)), ...files })
  probe(bench)
  if (layout === 'three') bench.linkPackages({ 'packages/base/package.json': '', 'packages/lib/package.json': '' })

  function upgrade(name: string, version: string): void {
    const place = path.join(bench.dir, 'node_modules', name)
    const [next, last] = [`${place}.next`, `${place}.last`]
    mkdirSync(next, { recursive: true })
    for (const [file, text] of Object.entries(PACKAGES[name]!(version))) writeFileSync(path.join(next, file), text)
    rmSync(last, { recursive: true, force: true })
    try {
      renameSync(place, last)
    } catch {}
    renameSync(next, place)
    rmSync(last, { recursive: true, force: true })
  }
  for (const name of Object.keys(PACKAGES)) upgrade(name, '1.0.0')
  return Object.assign(bench, { upgrade, at: (name: Name) => PLACES[layout][name] })
}
