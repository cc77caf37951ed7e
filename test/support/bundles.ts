// One project, bundled by every bundler as its users would, and run: what comes out are the stamps that arrived.

import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import * as assert from 'uvu/assert'
import type { Manifest } from '../../runtime/contract.js'
import { openHost } from '../../transformer/host.js'
import { openWorkbench, REPOSITORY, type Workbench } from './workbench.js'

const RUNTIME = path.join(REPOSITORY, 'dist/runtime/index.js')

/** Like the real package, and it keeps the stamps of the functions that it is given. */
export const STUB = {
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
}

/** Text with which a module that has been asked for its stamps prints them, as `{id: fingerprint}`. */
const PRINT = `if (lazy[3](new Box(1)) === undefined || !(Symbol.for('mintmark.class') in Box)) throw new Error('a class without its mark')
const steps = Object.values((Flow as any)[Symbol.for('mintmark.stamp')].steps) as any[]
console.log(JSON.stringify(Object.fromEntries([...steps, ...stamps.splice(0)].map(({ id, fingerprint }) => [id, fingerprint]).sort())))
`

export const PROJECT: Readonly<Record<string, string>> = {
  ...STUB,
  'package.json': '{"type":"module","sideEffects":false}',
  'tsconfig.json': '{"extends":"./base.json","compilerOptions":{"experimentalDecorators":true,"target":"es2022"}}',
  'base.json': '{}',
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","type":"module","main":"./index.js","dependencies":{"deeper":"*"}}',
  'node_modules/dep/index.js': 'export const dep = (n) => n\n',
  'node_modules/deeper/package.json': '{"name":"deeper","version":"1.0.0"}',
  'src/data.json': '{"a":1}',
  'src/texts/a.txt': 'one',
  'src/inner.ts': "import { dep } from 'dep'\nexport const inner = (n: number): number => dep(n) * 1\nexport const unused = 1\n",
  'src/helper.ts': "import { inner } from './inner.js'\nexport function helper(n: number): number {\n  return inner(n) + 1\n}\n",
  'src/names.ts': "export { helper as outer } from './helper.js'\n",
  'src/flow.ts': `import { FlowSpec, memoize, step } from 'mintmark'
import { outer } from './names.js'
export class Flow extends FlowSpec {
  total = 0
  @step start(): void { this.next(this.work) }
  @step @memoize({}) work(): void { this.total = outer(1); this.next(this.end) }
  @step end(): void {}
}
`,
  'src/box.ts': 'export class Box {\n  constructor(readonly n: number) {}\n  double(): number {\n    return this.n * 2\n  }\n}\n',
  'src/lazy.ts': `import { memoize } from 'mintmark'
import data from './data.json'
import type { Box } from './box.js'
import { helper } from './helper.js'
function named(n: number): number { return helper(n) }
const make = (k: number) => memoize(async () => k)
export const lazy = [
  memoize(async (n: number) => [named(n), data], { include: ['texts/*.txt'] }),
  memoize(named),
  make(1),
  memoize(async (box: Box) => box.double()),
]
`,
  'src/main.ts': `import { stamps } from 'mintmark'
import { Box } from './box.js'
import { Flow } from './flow.js'
export const { lazy } = await import('./lazy.js')
${PRINT}`,
}

export function openBundled(): Workbench {
  const bench = openWorkbench()
  rmSync(path.join(bench.dir, 'node_modules/mintmark'))
  bench.write(PROJECT)
  return bench
}

/** Edits in a row, each with whether it changes a stamp. */
export const EDITS: readonly (readonly [name: string, changes: boolean, edit: (bench: Workbench) => void])[] = [
  ['the body of a helper', true, (b) => b.edit('src/helper.ts', '+ 1', '+ 2')],
  ['the same again', true, (b) => b.edit('src/helper.ts', '+ 2', '+ 3')],
  ['a helper further away', true, (b) => b.edit('src/inner.ts', '* 1', '* 2')],
  ['a comment', false, (b) => b.edit('src/inner.ts', '* 2', '* 2 /* two */')],
  ['a package of a package', true, (b) => b.edit('node_modules/deeper/package.json', '1.0.0', '1.0.1')],
  ['imported JSON', true, (b) => b.edit('src/data.json', '1', '2')],
  ['a further file that a pattern includes', true, (b) => b.write({ 'src/texts/b.txt': 'two' })],
  ['an option of the tsconfig', true, (b) => b.write({ 'base.json': '{"compilerOptions":{"useDefineForClassFields":false}}' })],
]

export type Stamps = Readonly<Record<string, string>>

/** What the command line says of the same files. */
export function expectedStamps({ dir }: Workbench): Stamps {
  const host = openHost({ cwd: dir })
  for (const name of readdirSync(path.join(dir, 'src'))) host.stamp(path.join(dir, 'src', name))
  return Object.fromEntries(
    Object.entries((JSON.parse(host.manifest()!) as Manifest).steps).map(([id, { fingerprint }]) => [id, fingerprint]),
  )
}

/** What each of the files prints, run in turn. */
export function printedBy(bench: Workbench, files: readonly string[]): Stamps[] {
  bench.write({ 'run.mjs': files.map((file) => `await import(${JSON.stringify(`./${file}`)})\n`).join('') })
  const { status, stdout, stderr } = bench.node(['run.mjs'])
  assert.is(status, 0, stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Stamps)
}

/** A text in the folder's source maps of the file of that name. */
export function sourceIn(bench: Workbench, folder: string, name: string): string | undefined {
  for (const file of readdirSync(path.join(bench.dir, folder)).filter((f) => f.endsWith('.map'))) {
    const { sources, sourcesContent } = JSON.parse(bench.read(`${folder}/${file}`)) as { sources: string[]; sourcesContent: string[] }
    const at = sources.findIndex((source) => source.endsWith(name))
    if (at >= 0) return sourcesContent[at]
  }
  return undefined
}
