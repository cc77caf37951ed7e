// A stamp that was baked yesterday and is not emitted again today is a stale hit: every way of building with `tspc`, with two edits of a
// helper's body in a row (the first edit masks the fault), one that changes nothing, then a file and a package. Each time the output holds
// the stamps that `mintmark fingerprint` tells.

import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedStamps, onePackage, PLUGIN, stampsOf, TSPC, type TspcProject, threePackages } from './support/tspc-projects.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

interface Mode {
  readonly name: string
  readonly project: TspcProject
  readonly args: readonly string[]
  /** Package of another compiler, to guard what is internal to it: only the two edits of a helper. */
  readonly typescript?: string
  /** What is added for edits that no compiler is asked about. */
  readonly force?: string
}

const declaration = { incremental: true, declaration: true }

const MODES: readonly Mode[] = [
  { name: 'incremental', project: onePackage({ incremental: true }), args: ['-p', '.'] },
  {
    name: 'incremental with isolatedModules, CommonJS',
    project: onePackage({ incremental: true, isolatedModules: true }, 'commonjs'),
    args: ['-p', '.'],
  },
  { name: 'incremental with declarations', project: onePackage(declaration), args: ['-p', '.'] },
  {
    name: 'incremental with declarations, TypeScript 5.4',
    project: onePackage(declaration),
    args: ['-p', '.'],
    typescript: 'typescript-5.4',
  },
  { name: 'incremental with declarations, TypeScript 6', project: onePackage(declaration), args: ['-p', '.'], typescript: 'typescript-6' },
  { name: '--build', project: onePackage({ composite: true }, 'commonjs'), args: ['-b'], force: '--force' },
  { name: '--build over references', project: threePackages(), args: ['-b'], force: '--force' },
  {
    name: '--build over references, TypeScript 5.4',
    project: threePackages(),
    args: ['-b'],
    force: '--force',
    typescript: 'typescript-5.4',
  },
  { name: '--build over references, TypeScript 6', project: threePackages(), args: ['-b'], typescript: 'typescript-6' },
]

function withProject(project: TspcProject, run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    bench.write(project.files)
    bench.linkPackages(project.files)
    run(bench)
  } finally {
    bench.remove()
  }
}

function build(bench: Workbench, { project, args, typescript = 'typescript' }: Mode, ...more: string[]): Record<string, string> {
  const compiler = path.dirname(createRequire(import.meta.url).resolve(`${typescript}/package.json`))
  const { status, stdout, stderr } = bench.node([TSPC, ...args, ...more], { TSP_COMPILER_TS_PATH: compiler })
  assert.is(status, 0, stdout + stderr)
  return stampsOf(bench, project)
}

for (const mode of MODES) {
  const { name, project, force } = mode
  const isGuard = mode.typescript !== undefined
  test(`${name}: fresh after each edit${isGuard ? '' : ', the same after none'}`, () =>
    withProject(project, (bench) => {
      const fresh = (...more: string[]): Record<string, string> => {
        const stamps = build(bench, mode, ...more)
        assert.equal(stamps, expectedStamps(bench, project))
        return stamps
      }
      const first = fresh()
      bench.edit(project.helper, 'n * 1', 'n * 2')
      const second = fresh()
      bench.edit(project.helper, 'n * 2', 'n * 3')
      const third = fresh()
      for (const step of ['F.a', 'f']) assert.is(new Set([first, second, third].map((s) => s[step])).size, 3, step)
      if (isGuard) return
      bench.edit(project.helper, 'n * 3', 'n * 3 // the same')
      assert.equal(fresh(), third)
      bench.write({ [project.asset]: 'b' })
      bench.edit(project.package, '1.0.0', '1.0.1')
      // Here tsc asks nobody: nothing that it knows of has changed.
      if (force !== undefined) assert.equal(build(bench, mode), third)
      const last = fresh(...(force === undefined ? [] : [force]))
      for (const step of ['F.a', 'f']) assert.is.not(last[step], third[step], step)
    }))
}

for (const [name, project] of [
  ['one-shot', onePackage()],
  ['one-shot without transformProgram', onePackage({}, 'commonjs', { transform: 'mintmark/transformer' })],
] as const) {
  test(`${name}: what \`mintmark fingerprint\` tells`, () =>
    withProject(project, (bench) => assert.equal(build(bench, { name, project, args: ['-p', '.'] }), expectedStamps(bench, project))))
}

test('an incremental build without transformProgram is warned of', () =>
  withProject(onePackage({ incremental: true }, 'module', { transform: 'mintmark/transformer' }), (bench) =>
    assert.match(bench.compile().stderr, /MM1020/),
  ))

for (const [name, plugin] of [
  ['with', PLUGIN],
  ['without', { transform: 'mintmark/transformer' }],
] as const) {
  test(`strict hands what cannot be spoken for to the compiler, ${name} transformProgram`, () =>
    withProject(onePackage({}, 'module', plugin), (bench) => {
      bench.write({ 'src/inner.ts': 'export const inner = (n: number): number => n * Date.now()\n' })
      const told = bench.compile()
      assert.is(told.status, 0)
      assert.match(told.stderr, 'src/inner.ts:1:49 - warning MM1006: step `F.a`: `Date.now()` reads the clock (F.a -> outer -> inner)')
      bench.write(onePackage({}, 'module', { ...plugin, strict: true }).files)
      bench.write({ 'src/inner.ts': 'export const inner = (n: number): number => n * Date.now()\n' })
      const strict = bench.compile()
      assert.is.not(strict.status, 0)
      assert.match(strict.stdout, /src\/inner\.ts\(1,49\): error TS1006: MM1006/)
    }))
}

test.run()
