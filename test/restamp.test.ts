// While `tspc --watch` stays, an edit of a helper has the compiler emit the helper and nothing else: the files with the steps are given
// their new fingerprints in place, unless more has changed than these.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedStamps, onePackage, stampsOf } from './support/tspc-projects.js'
import { type WatchingCompiler, watchingCompiler } from './support/watching-compiler.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

type Run = (bench: Workbench, compiler: WatchingCompiler) => Promise<void>

const project = onePackage({ noEmitOnError: true, sourceMap: true })

/** The first edit of a file is a change of its shape to every compiler, so one has been made. */
async function watching(run: Run): Promise<void> {
  const bench = openWorkbench()
  bench.write(project.files)
  const compiler = watchingCompiler(bench)
  try {
    bench.edit(project.helper, 'n * 1', 'n * 2')
    await compiler.changed(project.helper)
    await run(bench, compiler)
  } finally {
    compiler.close()
    bench.remove()
  }
}

function assertFresh(bench: Workbench): void {
  assert.equal(stampsOf(bench, project), expectedStamps(bench, project))
}

/** What a compiler writes that begins now. */
function outputFromNothing(bench: Workbench): string {
  bench.write({ 'tsconfig.anew.json': JSON.stringify({ extends: './tsconfig.json', compilerOptions: { outDir: 'anew' } }) })
  const { status, stdout } = bench.compile('-p', 'tsconfig.anew.json')
  assert.is(status, 0, stdout)
  return bench.read('anew/flow.js')
}

test('only the helper is emitted, and the file with the steps is what a compiler from nothing writes', () =>
  watching(async (bench, compiler) => {
    bench.edit(project.helper, 'n * 2', 'n * 3')
    assert.equal(await compiler.changed(project.helper), ['dist/inner.js', 'dist/inner.js.map', 'dist/mintmark.json'])
    assertFresh(bench)
    assert.is(bench.read(project.output), outputFromNothing(bench))
  }))

test('code that does not compile leaves the stamps that fit what is emitted; the next that does brings them', () =>
  watching(async (bench, compiler) => {
    const before = stampsOf(bench, project)
    bench.edit(project.helper, 'n * 2', 'n * 3 * none')
    await compiler.changed(project.helper)
    assert.equal(stampsOf(bench, project), before)
    bench.edit(project.helper, ' * none', '')
    await compiler.changed(project.helper)
    assertFresh(bench)
    assert.not.equal(stampsOf(bench, project), before)
  }))

test('a file is emitted when nothing else is: what has changed is no source', () =>
  watching(async (bench, compiler) => {
    for (const [file, from, to] of [
      [project.asset, 'a', 'b'],
      [project.package, '1.0.0', '1.0.1'],
      [project.asset, 'b', 'a'],
    ] as const) {
      bench.edit(file, from, to)
      assert.ok((await compiler.changed(file)).includes(project.output))
      assertFresh(bench)
    }
  }))

test('an output that others have changed keeps their changes; one that was replaced is emitted', () =>
  watching(async (bench, compiler) => {
    const output = path.join(bench.dir, project.output)
    writeFileSync(output, `${readFileSync(output, 'utf8')}// kept\n`)
    bench.edit(project.helper, 'n * 2', 'n * 3')
    await compiler.changed(project.helper)
    assertFresh(bench)
    assert.match(bench.read(project.output), '// kept')
    for (const [i, replace] of [() => writeFileSync(output, ''), () => rmSync(output)].entries()) {
      replace()
      bench.edit(project.helper, `n * ${3 + i}`, `n * ${4 + i}`)
      await compiler.changed(project.helper)
      assertFresh(bench)
    }
    bench.edit(project.helper, 'n * 5', 'n * 6')
    assert.not.ok((await compiler.changed(project.helper)).includes(project.output))
    assertFresh(bench)
  }))

test('back to the stamps that the compiler emitted itself, when nothing else is emitted', () =>
  watching(async (bench, compiler) => {
    // Emitted by the compiler, which knows the file by them.
    bench.write({ [project.asset]: 'b' })
    await compiler.changed(project.asset)
    const before = stampsOf(bench, project)
    // Put into it, since something else is emitted.
    bench.write({ [project.asset]: 'c' })
    bench.edit(project.helper, 'n * 2', 'n * 2 // the same')
    assert.not.ok((await compiler.changed(project.asset, project.helper)).includes(project.output))
    assertFresh(bench)
    bench.write({ [project.asset]: 'b' })
    await compiler.changed(project.asset)
    assertFresh(bench)
    assert.equal(stampsOf(bench, project), before)
  }))

test.run()
