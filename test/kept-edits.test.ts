// A build after an edit finds out only what the edit can have changed, and says what one says that finds out everything.

import fc from 'fast-check'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { keptSteps } from '../transformer/kept-steps.js'
import { draws } from './support/draws.js'
import { type Place, put } from './support/kept-answers.js'
import { kept, live, programOf } from './support/kept-builds.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

const MEMOIZE = "import { memoize } from 'mintmark'\n"

/** Modules that rest on each other in every way there is, and what else they may hold. */
const TEXTS: Readonly<Record<string, readonly [Place, ...Place[]]>> = {
  'state.ts': [
    'export const state = { n: 1 }\n',
    '// moved\n\nexport const other = 0, state = { n: 1 }\n',
    'export const state = { n: 2 }\n',
  ],
  'writer.ts': ["import { state } from './state.js'\nstate.n = 2\n", "import { state } from './state.js'\nstate.n = 3\n", 'export {}\n'],
  'side.ts': ["import './writer.js'\n", 'export {}\n', 'globalThis.side = 1\n'],
  'reader.ts': [
    `${MEMOIZE}import './side.js'\nimport { state } from './state.js'\nexport const reads = memoize(async () => state.n)\n`,
    `${MEMOIZE}import { state } from './state.js'\nexport const reads = memoize(async () => [state.n, Math.random()])\n`,
  ],
  'a.ts': ['export const x = () => 1\n', "import { y } from './b.js'\nexport const x = () => y\n", 'export const z = 1\n'],
  'b.ts': [
    'export const y = 1\n',
    "import { x } from './a.js'\nexport const y = () => x\nexport const w = 2\n",
    'export const x = 3, y = 4\n',
  ],
  'barrel.ts': ["export * from './a.js'\nexport * from './b.js'\n", "export { x, y } from './b.js'\n", "export * from './b.js'\n"],
  'barrelled.ts': [`${MEMOIZE}import { x } from './barrel.js'\nexport const through = memoize(async () => x())\n`, 'export {}\n'],
  'lazy.ts': [
    `${MEMOIZE}export const lazy = memoize(async () => import('./b.js'))\n`,
    `${MEMOIZE}export const lazy = memoize(async () => import('./state.js'))\n`,
  ],
  'model.ts': [
    'export class Model { n = 1; size() { return this.n } }\n',
    'export class Other {}\nexport class Model { n = 1; size() { return this.n } }\n',
    'export class Model { n = 2; size() { return -this.n } }\n',
    'export interface Model { size(): number }\n',
  ],
  'sub.ts': ["import { Model } from './model.js'\nexport class Sub extends Model { more = 1 }\n", 'export class Sub { more = 2 }\n'],
  'taker.ts': [
    `${MEMOIZE}import type { Model } from './model.js'\nexport const takes = memoize(async (m: Model) => m.size())\n`,
    `${MEMOIZE}import type { Sub } from './sub.js'\nexport const takes = memoize(async (m: Sub) => m.more)\n`,
    `${MEMOIZE}export const takes = memoize(async (m: number) => m)\n`,
  ],
  'mark.ts': [
    `${MEMOIZE}export const mark = (f: () => Promise<unknown>) => memoize(f)\n`,
    'export const mark = (f: () => Promise<unknown>) => f\n',
  ],
  'marked.ts': ["import { mark } from './mark.js'\nexport const marked = mark(async () => 1)\n", 'export const marked = 1\n'],
  'base.ts': [
    "import { FlowSpec, step } from 'mintmark'\nimport { x } from './a.js'\nexport class Base extends FlowSpec { help() { return x() } @step start() {} }\n",
    "import { FlowSpec, step } from 'mintmark'\nexport class Base extends FlowSpec { help() { return 2 } @step start() { this.next() } }\n",
  ],
  'extra.ts': [
    undefined,
    `${MEMOIZE}import type { Sub } from './sub.js'\nimport { x } from './a.js'\nexport const extra = memoize(async (s: Sub) => [s, x()])\n`,
    'export const extra = 1\n',
  ],
  'flow.ts': [
    "import { step } from 'mintmark'\nimport { Base } from './base.js'\nexport class Flow extends Base { @step work() { this.out = this.help() } }\n",
    "import { Base } from './base.js'\nimport { Model } from './model.js'\nexport class Flow extends Base { model = new Model() }\n",
  ],
}
const NAMES = Object.keys(TEXTS)
const text = (name: string, index: number): Place => TEXTS[name]![index]

function withProject(run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    const compilerOptions = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', experimentalDecorators: true }
    put(bench, 'tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }))
    for (const name of NAMES) put(bench, `src/${name}`, TEXTS[name]![0])
    run(bench)
  } finally {
    bench.remove()
  }
}

test('whatever the modules of a program hold, one edit after the other', () => {
  const edit = fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...TEXTS[name]!)))
  const rounds = fc.array(fc.array(edit, { minLength: 1, maxLength: 2 }), { minLength: 4, maxLength: 12 })
  fc.assert(
    fc.property(rounds, (all) => {
      withProject((bench) => {
        kept(programOf(bench))
        for (const edits of all) {
          for (const [name, to] of edits) put(bench, `src/${name}`, to)
          const program = programOf(bench)
          assert.equal(kept(program), live(program), JSON.stringify(edits))
        }
      })
    }),
    draws(8),
  )
})

test('what an edit leaves as it was is known to lead where it led', () => {
  withProject((bench) => {
    for (const [name, index] of [
      ['base.ts', 1],
      ['base.ts', 0],
      ['a.ts', 1],
    ] as const) {
      put(bench, `src/${name}`, text(name, index))
      const program = programOf(bench)
      assert.equal(kept(program), live(program), name)
    }
  })
})

/** The files whose code somebody looks at from now on. */
function watched(program: ts.Program): Set<string> {
  const seen = new Set<string>()
  for (const file of program.getSourceFiles()) {
    const { statements } = file
    Object.defineProperty(file, 'statements', {
      get() {
        seen.add(file.fileName.slice(file.fileName.lastIndexOf('/') + 1))
        return statements
      },
    })
  }
  return seen
}

const LOOKED_AT: readonly (readonly [what: string, name: string, index: number, seen: readonly string[]])[] = [
  ['nothing', 'mark.ts', 0, []],
  ['what is reached from nowhere else, with what rests on it', 'mark.ts', 1, ['mark.ts', 'marked.ts']],
  ['what writes to something, and what that leads to', 'writer.ts', 1, ['reader.ts', 'side.ts', 'state.ts', 'writer.ts']],
  ['a class whose instances a step takes', 'sub.ts', 1, ['sub.ts']],
  ['a file that is new', 'extra.ts', 1, ['a.ts', 'extra.ts', 'model.ts', 'sub.ts']],
]

for (const [what, name, index, expected] of LOOKED_AT)
  test(`an edit has only those looked at again that lead to it: ${what}`, () => {
    withProject((bench) => {
      kept(programOf(bench))
      put(bench, `src/${name}`, text(name, index))
      const program = programOf(bench)
      const seen = watched(program)
      keptSteps(ts, program)
      assert.equal([...seen].sort(), expected)
    })
  })

test.run()
