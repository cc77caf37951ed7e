// Instances as inputs, as a user has them: the class is imported for its type only, everything is compiled by the real `tspc`, incrementally.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbench, type Workbench } from './support/workbench.js'

const FILES = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2022', module: 'nodenext', moduleResolution: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
      ...{ rootDir: 'src', outDir: 'dist', incremental: true, plugins: [{ transform: 'mintmark/transformer', transformProgram: true }] },
    },
    include: ['src'],
  }),
  'src/doc.ts': `
import { weigh } from './weigh.js'
export class Doc {
  constructor(readonly text: string) {}
  size(): number { return weigh(this.text) }
}
export class Letter extends Doc {}
`,
  'src/weigh.ts': 'export const weigh = (text: string): number => text.length\n',
  'src/measure.ts': `
import { memoize } from 'mintmark'
import type { Doc } from './doc.js'
type Given = { size(): number }
export const measure = memoize(async (doc: Given) => { console.log('ran'); return doc.size() })
export const unused: Doc | undefined = undefined
`,
  'src/main.ts': `
import { measure } from './measure.js'
import { Doc, Letter } from './doc.js'
console.log(await measure(new Doc('abc')), await measure(new Letter('abc')))
`,
}

function withBench(type: 'module' | 'commonjs', use: (bench: Workbench, compile: () => void, run: () => string[]) => void): void {
  const bench = openWorkbench()
  const compile = (): void => {
    const { status, stdout, stderr } = bench.compile()
    assert.is(status, 0, stdout + stderr)
  }
  const run = (): string[] => {
    const { status, stdout, stderr } = bench.node(['--no-warnings', 'dist/main.js'])
    assert.is(status, 0, stderr)
    return stdout.trim().split('\n')
  }
  try {
    bench.write({ ...FILES, 'package.json': JSON.stringify({ type }) })
    use(bench, compile, run)
  } finally {
    bench.remove()
  }
}

test('an instance hits, its class is felt, a subclass runs uncached', () =>
  withBench('module', (bench, compile, run) => {
    compile()
    assert.equal(run(), ['ran', 'ran', '3 3'], 'the interface says nothing of the class')
    // Only from now on a step is given instances of the class: its file, which did not change, is emitted again.
    bench.edit('src/measure.ts', '(doc: Given)', '(doc: Doc)')
    compile()
    assert.equal(run(), ['ran', 'ran', '3 3'])
    assert.equal(run(), ['ran', '3 3'], 'the subclass has no mark of its own')
    bench.edit('src/weigh.ts', 'text.length', 'text.length + 1')
    compile()
    assert.equal(run(), ['ran', 'ran', '4 4'])
  }))

test('the same without a build', () =>
  withBench('module', (bench) => {
    bench.edit('src/measure.ts', '(doc: Given)', '(doc: Doc)')
    const run = (): string[] => {
      const { stdout, stderr } = bench.node(['--no-warnings', '--import', 'mintmark/register', 'src/main.ts'])
      return stdout.trim() === '' ? [stderr] : stdout.trim().split('\n')
    }
    assert.equal(run(), ['ran', 'ran', '3 3'])
    assert.equal(run(), ['ran', '3 3'])
    bench.edit('src/weigh.ts', 'text.length', 'text.length + 1')
    assert.equal(run(), ['ran', 'ran', '4 4'])
  }))

test('the same in CommonJS', () =>
  withBench('commonjs', (bench, compile, run) => {
    bench.edit('src/measure.ts', '(doc: Given)', '(doc: Doc)')
    bench.edit('src/main.ts', 'console.log(', 'void (async () => console.log(')
    bench.edit('src/main.ts', ')))', '))))()')
    compile()
    assert.equal(run(), ['ran', 'ran', '3 3'])
    assert.equal(run(), ['ran', '3 3'])
  }))

test.run()
