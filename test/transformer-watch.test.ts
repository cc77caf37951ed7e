// Compilers that stay: `tspc --watch` and `tspc --build --watch` put the stamps of now into the output after every edit, of a file and a
// package that no compiler watches, too.

import { type ChildProcess, spawn } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedStamps, onePackage, stampsOf, TSPC, type TspcProject, threePackages } from './support/tspc-projects.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

/** Longer than any edit takes; only a test that fails waits for it. */
const PATIENCE_MS = 30_000

async function watching(
  project: TspcProject,
  args: readonly string[],
  run: (bench: Workbench, told: () => string) => Promise<void>,
): Promise<void> {
  const bench = openWorkbench()
  let child: ChildProcess | undefined
  try {
    bench.write(project.files)
    bench.linkPackages(project.files)
    child = spawn(process.execPath, [TSPC, ...args], { cwd: bench.dir, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout!.on('data', (chunk) => (text += chunk))
    await run(bench, () => text)
  } finally {
    child?.kill()
    bench.remove()
  }
}

/** Waits until the output holds what it has to hold, and tells it. */
async function settled(bench: Workbench, project: TspcProject): Promise<Record<string, string>> {
  const expected = expectedStamps(bench, project)
  let found: Record<string, string> = {}
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(50)) {
    try {
      found = stampsOf(bench, project)
      assert.equal(found, expected)
      return found
    } catch {}
  }
  assert.equal(found, expected)
  return found
}

for (const [name, project, args] of [
  ['--watch', onePackage(), ['-w']],
  ['--build --watch over references', threePackages(), ['-b', '-w']],
] as const) {
  test(`${name}: fresh after each edit`, () =>
    watching(project, args, async (bench, told) => {
      const seen = [await settled(bench, project)]
      // `--build` hears nothing before it has said so, and begins to listen after.
      while (!told().includes('Watching for file changes')) await sleep(50)
      await sleep(500)
      for (const [from, to] of [
        ['n * 1', 'n * 2'],
        ['n * 2', 'n * 3'],
      ] as const) {
        bench.edit(project.helper, from, to)
        seen.push(await settled(bench, project))
      }
      bench.write({ [project.asset]: 'b' })
      seen.push(await settled(bench, project))
      bench.edit(project.package, '1.0.0', '1.0.1')
      seen.push(await settled(bench, project))
      assert.is(new Set(seen.map((s) => s['F.a'])).size, 4)
      assert.is(new Set(seen.map((s) => s.f)).size, 4)
    }))
}

test('--watch compiles an edit once, and what is no edit not at all', () => {
  const project = onePackage()
  return watching(project, ['-w'], async (bench, told) => {
    await settled(bench, project)
    // As many editors save: a file beside it, moved into its place.
    const helper = path.join(bench.dir, project.helper)
    writeFileSync(`${helper}~.ts`, bench.read(project.helper).replace('n * 1', 'n * 2'))
    renameSync(`${helper}~.ts`, helper)
    await settled(bench, project)
    await sleep(1500)
    writeFileSync(path.join(bench.dir, 'src/notes.md'), 'no source')
    await sleep(1500)
    assert.is(told().match(/File change detected/g)?.length, 1, told())
  })
})

test.run()
