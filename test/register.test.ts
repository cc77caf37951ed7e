// Without a build: the stamps under `mintmark run` and `node --import mintmark/register`, from start to start.

import { rmSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inProject, MINTMARK } from './support/unbuilt.js'

const HOSTS = [
  ['mintmark run', [MINTMARK, 'run']],
  ['node --import mintmark/register', ['--import', 'mintmark/register']],
] as const

const OPTIONS = { target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'], rootDir: 'src', outDir: 'dist' }
const tsconfig = (more: object = {}): string =>
  JSON.stringify({
    compilerOptions: { ...OPTIONS, plugins: [{ transform: 'mintmark/transformer', transformProgram: true }], ...more },
    include: ['src'],
  })

/** A flow with a memoized step and a memoized function, both over a helper two modules away; it prints its stamps, then runs. */
const FLOW = {
  'tsconfig.json': tsconfig(),
  'src/inner.ts': 'export function inner(n: number): number {\n  return n * 1\n}\n',
  'src/outer.ts': "import { inner } from './inner.js'\nexport const outer = (n: number): number => inner(n)\n",
  'src/flow.ts': `
import { FlowSpec, main, memoize, step } from 'mintmark'
import { outer } from './outer.js'
import { printStamps } from './stamps.js'
export class F extends FlowSpec {
  n = 0
  @step start() { this.next(this.work) }
  @step @memoize({ outputs: ['n'] }) work() {
    console.log('working')
    this.n = outer(1)
    this.next(this.end)
  }
  @step end() { console.log('n is ' + this.n) }
}
export const f = memoize(async () => outer(2))
if (process.argv[2] === 'stamps') printStamps(F)
else void main(F)
`,
  'src/stamps.ts': `
export function printStamps(F: any): void {
  const { steps } = F[Symbol.for('mintmark.stamp')]
  console.log(JSON.stringify({ 'F.work': steps.work.fingerprint, 'F.start': steps.start.fingerprint }))
}
`,
}

for (const [[name, host], type] of [
  [HOSTS[0], 'module'],
  [HOSTS[1], 'commonjs'],
] as const)
  test(`${name}, ${type}: fresh after each edit of a helper, a hit after none, a comment or the way back`, () =>
    inProject({ ...FLOW, 'package.json': JSON.stringify({ type }) }, (bench) => {
      const run = (): string => {
        const { status, stdout, stderr } = bench.node([...host, 'src/flow.ts', 'run'])
        assert.is(status, 0, stderr)
        return stdout
      }
      assert.is(run(), 'working\nn is 1\n')
      assert.is(run(), 'n is 1\n')
      bench.edit('src/inner.ts', 'n * 1', 'n * 2')
      assert.is(run(), 'working\nn is 2\n')
      bench.edit('src/inner.ts', 'n * 2', 'n * 3')
      assert.is(run(), 'working\nn is 3\n')
      bench.edit('src/inner.ts', 'n * 3', 'n * 3 // the same')
      assert.is(run(), 'n is 3\n')
      bench.edit('src/inner.ts', 'n * 3 // the same', 'n * 1')
      assert.is(run(), 'n is 1\n')
    }))

test('the stamps are those of tspc and of mintmark fingerprint, and compiled code keeps its own', () =>
  inProject({ ...FLOW, 'package.json': '{"type":"module"}' }, (bench) => {
    const stamps = (...args: string[]): Record<string, string> => JSON.parse(bench.node([...args, 'stamps']).stdout)
    const ours = stamps('--import', 'mintmark/register', 'src/flow.ts')
    assert.is(bench.compile().status, 0)
    assert.equal(stamps('dist/flow.js'), ours)
    const told = JSON.parse(bench.node([MINTMARK, 'fingerprint', '--json', 'src/flow.ts']).stdout)
    for (const [step, fingerprint] of Object.entries(ours)) assert.is(told[`src/flow.ts#${step}`], fingerprint)
    bench.edit('dist/inner.js', 'n * 1', 'n * 2')
    assert.equal(stamps('--import', 'mintmark/register', 'dist/flow.js'), ours)
  }))

for (const type of ['module', 'commonjs'])
  test(`${type}: a start that finds everything as it was loads no TypeScript, and runs what the first one ran`, () =>
    inProject({ ...FLOW, 'package.json': JSON.stringify({ type }) }, (bench) => {
      const run = (): unknown => bench.node([MINTMARK, 'run', 'src/flow.ts', 'stamps'])
      const first = run()
      // The same by its version: whoever loads it fails.
      rmSync(path.join(bench.dir, 'node_modules/typescript'))
      bench.write({
        'node_modules/typescript/package.json': JSON.stringify({ name: 'typescript', version: ts.version, main: 'index.cjs' }),
        'node_modules/typescript/index.cjs': "throw new Error('it was loaded')",
      })
      assert.equal(run(), first)
      bench.edit('src/inner.ts', 'n * 1', 'n * 2')
      assert.match((run() as { stderr: string }).stderr, /it was loaded/)
    }))

test.run()
