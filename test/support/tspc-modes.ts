// A mode of `tspc`, taken through edits: two of a helper's body in a row, since the first masks the fault, one that changes nothing, then a
// file and a package. Each time the output holds the stamps that `mintmark fingerprint` tells.

import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedStamps, stampsOf, TSPC, type TspcProject } from './tspc-projects.js'
import { openWorkbench, type Workbench } from './workbench.js'

export interface Mode {
  readonly name: string
  readonly project: TspcProject
  readonly args: readonly string[]
  /** Package of another compiler, to guard what is internal to it: without the edits by which nothing internal is felt. */
  readonly typescript?: string
}

export function withProject(project: TspcProject, run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    bench.write(project.files)
    bench.linkPackages(project.files)
    run(bench)
  } finally {
    bench.remove()
  }
}

export function build(bench: Workbench, { project, args, typescript = 'typescript' }: Mode): Record<string, string> {
  const compiler = path.dirname(createRequire(import.meta.url).resolve(`${typescript}/package.json`))
  const { status, stdout, stderr } = bench.node([TSPC, ...args], { TSP_COMPILER_TS_PATH: compiler })
  assert.is(status, 0, stdout + stderr)
  return stampsOf(bench, project)
}

export function testMode(mode: Mode): void {
  const { name, project, args } = mode
  const isGuard = mode.typescript !== undefined
  test(`${name}: fresh after each edit${isGuard ? '' : ', the same after none'}`, () =>
    withProject(project, (bench) => {
      const fresh = (): Record<string, string> => {
        const stamps = build(bench, mode)
        assert.equal(stamps, expectedStamps(bench, project))
        return stamps
      }
      const first = fresh()
      bench.edit(project.helper, 'n * 1', 'n * 2')
      const second = fresh()
      bench.edit(project.helper, 'n * 2', 'n * 3')
      const third = fresh()
      for (const step of ['F.a', 'f']) assert.is(new Set([first, second, third].map((s) => s[step])).size, 3, step)
      if (!isGuard) {
        bench.edit(project.helper, 'n * 3', 'n * 3 // the same')
        assert.equal(fresh(), third)
      }
      if (isGuard && args[0] !== '-b') return
      bench.write({ [project.asset]: 'b' })
      bench.edit(project.package, '1.0.0', '1.0.1')
      const last = fresh()
      for (const step of ['F.a', 'f']) assert.is.not(last[step], third[step], step)
    }))
}
