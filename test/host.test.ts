// A project's modules, stamped as text and compiled by someone else's compiler, carry what `tspc` puts into them; and a session that goes
// on while files are edited answers as a fresh one would.

import { rmSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { transform } from 'esbuild'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Host, openHost } from '../transformer/host.js'
import { openWorkbench, REPOSITORY, type Workbench } from './support/workbench.js'

const RUNTIME = path.join(REPOSITORY, 'dist/runtime/index.js')

const FLOW = `#!/usr/bin/env node
'use strict'
import { FlowSpec, memoize, memoize as remember, step } from 'mintmark'
import * as mm from 'mintmark'
import { cached, cachedFunction } from './marks.js'
import { helper } from './helper.js'

const secret = 'f'
function own(n: number): number { return helper(n) }

// What follows has every shape: {
export abstract class Base extends FlowSpec {
  @step @memoize() async work(): Promise<void> { await this.double(2); this.next(this.work) }
  protected abstract double(n: number): Promise<number>
}
export class Flow<T = string> extends Base implements Iterable<T> { // {
  readonly [Symbol.toStringTag] = 'Flow'; static readonly kind: string = 'flow'; #n = 1
  output!: number
  @step start(): void { this.next(this.work) }
  @step @remember({ outputs: ['output'] }) one(): void { this.output = helper(this.#n); this.next(this.end) }
  @mm.step @cached wrapped(): void { this.next(this.end) }
  @step end(): void {}
  protected override async double(n: number): Promise<number> { return helper(n) }
  *[Symbol.iterator](): IterableIterator<T> {}
}
export class Heir extends Flow { protected override async double(n: number): Promise<number> { return n + 1 } }
export default class extends FlowSpec { @step start() { this.next(this.end) } @step @memoize({}) end() { return helper(7) } }
export class Service { @remember({}) async ask(n: number): Promise<number> { return helper(n) } @remember({}) static async all() { return own(1) } }
export const direct = remember(async <T,>(n: T) => helper(n as number) // a comment
  , { version: 1 })
export const named = mm.memoize(own as never), twice = memoize((own), { version: 2 })
export const wrapped = cachedFunction(async function (n: number) { return helper(n) + secret.length })
export const text = \`\${typeof remember(async () => \`\${helper(1)}\`)}\`
export function make(k: number, { a } = { a: 1 }) {
  const triple = (m: number): number => m * 3
  return remember(async () => (triple(k), remember(async () => k + a)))
}
export const made = make(4)
`

const FILES = {
  'package.json': '{"type":"module"}',
  'src/flow.ts': FLOW,
  'src/lines.ts': FLOW.replaceAll('\n', '\r\n'),
  'src/helper.ts': 'export const helper = (n: number): number => n * 100\n',
  'src/plain.ts': "import { helper } from './helper.js'\nexport const plain = helper(1)\n",
  'src/marks.ts': `import { memoize } from 'mintmark'
export const cached = memoize({ version: 'v1' })
export const cachedFunction = (fn: (n: number) => Promise<number>) => memoize(fn, { ttl: 60_000 })
`,
}

const STUB = {
  // As the real one, and it keeps the stamps of the functions that it is given.
  'node_modules/mintmark/package.json': '{"name":"mintmark","type":"module","exports":{"types":"./index.d.ts","default":"./index.js"}}',
  'node_modules/mintmark/index.d.ts': `export * from '${RUNTIME}'`,
  'node_modules/mintmark/index.js': `import { memoize as real } from '${RUNTIME}'
export * from '${RUNTIME}'
export const stamps = []
export function memoize(...args) {
  const stamp = typeof args[0] === 'function' && args[0][Symbol.for('mintmark.stamp')]
  if (stamp) stamps.push({ ...stamp, captures: stamp.captures?.() })
  return real(...args)
}
`,
  'probe.mjs': `import { stamps } from 'mintmark'
const STAMP = Symbol.for('mintmark.stamp')
const found = {}
for (const name of ['flow', 'lines']) {
  const module = await import(process.argv[2] + '/' + name + '.js')
  await module.made()
  for (const [key, value] of Object.entries(module)) if (Object.hasOwn(value, STAMP)) found[name + ' ' + key] = value[STAMP]
}
console.log(JSON.stringify([found, stamps]))
`,
}

const NAMES = ['flow', 'lines', 'helper', 'marks', 'plain']

function tsconfig(more: object): string {
  const plugins = [{ transform: path.join(REPOSITORY, 'dist/transformer/index.js'), transformProgram: true }]
  const compilerOptions = {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2023'],
    skipLibCheck: true,
    types: [],
  }
  return JSON.stringify({ compilerOptions: { ...compilerOptions, rootDir: 'src', outDir: 'tspc', plugins, ...more }, include: ['src'] })
}

function openProject(more: object): Workbench {
  const bench = openWorkbench()
  rmSync(path.join(bench.dir, 'node_modules/mintmark'))
  bench.write({ ...FILES, ...STUB, 'tsconfig.json': tsconfig(more) })
  return bench
}

const readStamped = (host: Host, bench: Workbench, name: string): string =>
  host.stamp(path.join(bench.dir, `src/${name}.ts`))?.code ?? bench.read(`src/${name}.ts`)

function probe(bench: Workbench, dir: string): string {
  const { status, stdout, stderr } = bench.node(['probe.mjs', `./${dir}`])
  assert.is(status, 0, stderr)
  return stdout
}

for (const experimentalDecorators of [false, true]) {
  test(`${experimentalDecorators ? 'legacy' : 'standard'} decorators: other compilers make of the stamped text what tspc makes`, async () => {
    const bench = openProject({ experimentalDecorators })
    try {
      const { stdout } = bench.compile()
      assert.is(stdout, '')
      const host = openHost({ cwd: bench.dir })
      const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, experimentalDecorators }
      for (const name of NAMES) {
        const text = readStamped(host, bench, name)
        const { code } = await transform(text, {
          loader: 'ts',
          target: 'es2022',
          tsconfigRaw: { compilerOptions: { experimentalDecorators } },
        })
        const min = await transform(text, {
          loader: 'ts',
          target: 'es2020',
          minify: true,
          keepNames: true,
          tsconfigRaw: { compilerOptions: { experimentalDecorators, useDefineForClassFields: false } },
        })
        bench.write({ [`esbuild/${name}.js`]: code, [`min/${name}.js`]: min.code })
        bench.write({ [`typescript/${name}.js`]: ts.transpileModule(text, { compilerOptions }).outputText })
      }
      const expected = probe(bench, 'tspc')
      const [classes, functions] = JSON.parse(expected)
      assert.is(Object.keys(classes).length, 10)
      assert.is(functions.length, 14)
      for (const dir of ['esbuild', 'min', 'typescript']) assert.equal(JSON.parse(probe(bench, dir)), JSON.parse(expected), dir)
    } finally {
      bench.remove()
    }
  })
}

const PROJECT = {
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{ "extends": "./base.json" }',
  'base.json': '{}',
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","dependencies":{"deeper":"*"}}',
  'node_modules/deeper/package.json': '{"name":"deeper","version":"1.0.0"}',
  'data/a.json': '{"a":1}',
  'texts/a.txt': 'one',
  'prompt.txt': 'ask',
  'other.ts': 'export const other = 1\n',
  'inner.ts': "import { dep } from 'dep'\nexport const inner = (n: number): number => dep(n) * 1\nexport const unused = 1\n",
  'helper.ts': "export { inner as outer } from './inner.js'\n",
  'flow.ts': `import { memoize } from 'mintmark'
import { outer } from './helper.js'
import data from './data/a.json'
const prompt = new URL('./prompt.txt', import.meta.url)
export class Box { items = [1] }
export const f = memoize(async () => [outer(1), data, prompt, new Box()], { include: ['texts/*.txt'] })
`,
}

type Edit = readonly [name: string, changes: boolean, edit: (bench: Workbench) => void]

const EDITS: readonly Edit[] = [
  ['nothing', false, () => {}],
  ['the body of a helper', true, (b) => b.edit('inner.ts', '* 1', '* 2')],
  ['the same again', true, (b) => b.edit('inner.ts', '* 2', '* 3')],
  ['a comment', false, (b) => b.edit('inner.ts', '* 3', '* 3 // three')],
  ['what no step reaches', false, (b) => b.edit('inner.ts', 'unused = 1', 'unused = 2')],
  ['a re-export', true, (b) => b.edit('helper.ts', 'inner as outer', 'unused as outer')],
  ['and back', true, (b) => b.edit('helper.ts', 'unused as outer', 'inner as outer')],
  ['a package', true, (b) => b.edit('node_modules/dep/package.json', '1.0.0', '1.0.1')],
  ['a package of a package', true, (b) => b.edit('node_modules/deeper/package.json', '1.0.0', '1.0.1')],
  ['imported JSON', true, (b) => b.edit('data/a.json', '1', '2')],
  ['its layout', false, (b) => b.edit('data/a.json', '{', '{ ')],
  ['a file that is named', true, (b) => b.edit('prompt.txt', 'ask', 'tell')],
  ['an included file', true, (b) => b.edit('texts/a.txt', 'one', 'two')],
  ['one more included file', true, (b) => b.write({ 'texts/b.txt': 'three' })],
  [
    'an option in a tsconfig that is extended',
    true,
    (b) => b.write({ 'base.json': '{"compilerOptions":{"useDefineForClassFields":false}}' }),
  ],
  ['a file that nothing imports', false, (b) => b.edit('other.ts', '1', '2')],
  ['the module itself', true, (b) => b.edit('flow.ts', 'outer(1)', 'outer(2)')],
]

test('a session answers after each edit as a fresh one does, and names the files that matter', () => {
  const bench = openWorkbench()
  try {
    bench.write(PROJECT)
    const file = path.join(bench.dir, 'flow.ts')
    const stampOf = (host: Host): string => host.stamp(file)!.code.match(/fingerprint":"(\w+)/)![1]!
    const host = openHost({ cwd: bench.dir })
    let last = stampOf(host)
    const { files, folders } = host.stamp(file)!
    const expected = Object.keys(PROJECT).filter((f) => f !== 'other.ts')
    assert.equal(
      files.map((f) => path.relative(host.root, f)),
      expected.sort(),
    )
    assert.equal(
      folders.map((f) => path.relative(host.root, f)),
      ['texts'],
    )
    for (const [name, changes, edit] of EDITS) {
      edit(bench)
      host.refresh()
      const now = stampOf(host)
      assert.is(now, stampOf(openHost({ cwd: bench.dir })), name)
      assert.is(now !== last, changes, name)
      last = now
    }
    assert.equal(Object.keys(JSON.parse(host.manifest()!).steps), ['flow.ts#f'])
  } finally {
    bench.remove()
  }
})

test("a class that is some step's input is marked in its own module, by the name that the stamp has, and matters to the step", () => {
  const bench = openWorkbench()
  try {
    bench.write({
      'tsconfig.json': '{}',
      'doc.ts': 'export class Doc { constructor(readonly n: number) {} size() { return this.n } }\nexport class Other { n = 1 }\n',
      'all.ts': "export type { Doc } from './doc.js'\n",
      'f.ts':
        "import { memoize } from 'mintmark'\nimport type { Doc } from './all.js'\nexport const f = memoize(async (x: Doc) => x.size())\n",
      'flow.ts':
        "import { FlowSpec, step } from 'mintmark'\nexport class Own { n = 1 }\nexport class F extends FlowSpec { own!: Own; @step start() { return this.own } }\n",
    })
    const at = (name: string): string => path.join(bench.dir, name)
    const host = openHost({ cwd: bench.dir })
    const idsIn = (code: string): string[] => [...code.matchAll(/\w+\.ts#\w+ \w{16}/g)].map(([id]) => id)
    // The class comes first: nobody has asked for the step yet.
    const { code } = host.stamp(at('doc.ts'))!
    assert.match(code, /class Doc \{ static \[Symbol\.for\("mintmark\.class"\)\] = \{"id":"doc\.ts#Doc \w+"\};/)
    assert.not.match(code, /class Other \{ static/)
    assert.is(host.stamp(at('doc.ts'), code), undefined, 'marked already')
    const f = host.stamp(at('f.ts'))!
    assert.equal(idsIn(f.code), idsIn(code))
    assert.equal(
      f.files.map((file) => path.relative(host.root, file)).filter((file) => file.endsWith('.ts')),
      ['all.ts', 'doc.ts', 'f.ts'],
    )
    assert.is(idsIn(host.stamp(at('flow.ts'))!.code).length, 2, 'beside its step')
    assert.equal(idsIn(host.stamp(at('doc.ts'), `// banner\n${bench.read('doc.ts')}`)!.code), idsIn(code))
    bench.edit('doc.ts', 'return this.n', 'return -this.n')
    host.refresh()
    assert.is.not(host.stamp(at('f.ts'))!.code, f.code)
    assert.is(host.stamp(at('all.ts')), undefined)
  } finally {
    bench.remove()
  }
})
test('what is no module with steps of the project is left alone', () => {
  const bench = openWorkbench()
  try {
    bench.write({ ...PROJECT, 'node_modules/dep/flow.ts': PROJECT['flow.ts'], 'flow.d.ts': 'export {}', 'a.css': '' })
    const host = openHost({ cwd: bench.dir })
    const at = (name: string): string => path.join(bench.dir, name)
    for (const name of ['helper.ts', 'node_modules/dep/flow.ts', 'flow.d.ts', 'a.css', 'absent.ts', '\0virtual.ts'])
      assert.is(host.stamp(at(name)), undefined, name)
    const { code } = host.stamp(at('flow.ts'))!
    assert.is(host.stamp(at('flow.ts'), code), undefined, 'stamped already')
  } finally {
    bench.remove()
  }
})

test('a text that someone before us has changed is stamped as it is, and is remembered for nobody else', () => {
  const bench = openWorkbench()
  try {
    bench.write(PROJECT)
    const host = openHost({ cwd: bench.dir })
    const file = path.join(bench.dir, 'flow.ts')
    const fingerprint = (text?: string): string => host.stamp(file, text)!.code.match(/fingerprint":"(\w+)/)![1]!
    const before = fingerprint()
    assert.is(fingerprint(`// banner\n${PROJECT['flow.ts']}`), before)
    assert.is.not(fingerprint(PROJECT['flow.ts'].replace('outer(1)', 'outer(9)')), before)
    assert.is(fingerprint(), before)
    bench.write({ 'flow.ts': `\uFEFF${PROJECT['flow.ts']}` })
    assert.is(fingerprint(PROJECT['flow.ts']), before, 'a BOM that the host has removed')
    bench.edit('flow.ts', 'outer(1)', 'outer(3)')
    assert.is.not(fingerprint(), before, 'an edit that nobody has told of')
  } finally {
    bench.remove()
  }
})

test('the map leads from every place of the stamped text to the place in the source', () => {
  const bench = openWorkbench()
  try {
    bench.write({ ...FILES, 'tsconfig.json': '{}' })
    const { code, map } = openHost({ cwd: bench.dir }).stamp(path.join(bench.dir, 'src/flow.ts'))!
    const decoded = new SourceMap(JSON.parse(map.toString()))
    const [was, is] = [FLOW.split('\n'), code.split('\n')]
    let places = 0
    was.forEach((line, row) => {
      for (const word of [
        'helper(',
        'triple',
        'version',
        'static readonly',
        'remember(',
        'start()',
        'async function',
        'a comment',
        '// {',
      ]) {
        const [column, at] = [line.lastIndexOf(word), is[row]!.lastIndexOf(word)]
        if (column < 0) continue
        places++
        const { originalLine, originalColumn } = decoded.findEntry(row, at) as { originalLine: number; originalColumn: number }
        assert.equal([originalLine, originalColumn], [row, column], `${word} of line ${row + 1}`)
      }
    })
    assert.ok(places > 20)
  } finally {
    bench.remove()
  }
})

test.run()
