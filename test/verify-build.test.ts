// `mintmark verify-build` as a process of its own: every stamp that is not right is told, and nothing else.

import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '../cli/verify-build.js'
import { onePackage, TSPC, type TspcProject, threePackages } from './support/tspc-projects.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url))

function built(project: TspcProject, args: readonly string[], run: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    bench.write(project.files)
    bench.linkPackages(project.files)
    const { status, stdout } = bench.node([TSPC, ...args])
    assert.is(status, 0, stdout)
    run(bench)
  } finally {
    bench.remove()
  }
}

/** What is told, as `kind file:line step changed`. */
function verify(bench: Workbench, ...args: string[]): string[] {
  const { status, stdout, stderr } = bench.node([MAIN, 'verify-build', '--json', ...args])
  const findings = JSON.parse(stdout || `[${JSON.stringify(stderr)}]`) as Finding[]
  assert.is(status, findings.length > 0 ? 1 : 0, stderr)
  return findings.map(({ kind, file, step, changed = [] }) => [kind, file, step, ...changed].join(' '))
}

const project = onePackage()
const [method, fn] = ['src/flow.ts#F.a', 'src/flow.ts#f']

test('stamps that are right, stale, gone and missing', () =>
  built(project, ['-p', '.'], (bench) => {
    assert.equal(verify(bench), [])
    bench.edit(project.helper, 'n * 1', 'n * 1 // the same')
    assert.equal(verify(bench), [])
    bench.edit(project.helper, 'n * 1', 'n * 2')
    assert.equal(verify(bench), [`stale dist/flow.js ${method} inner.ts#inner`, `stale dist/flow.js ${fn} inner.ts#inner`])
    const manifest = bench.read('dist/mintmark.json')
    for (const other of [manifest.slice(0, -9), manifest.replace('"version":2', '"version":3')]) {
      bench.write({ 'dist/mintmark.json': other })
      assert.equal(verify(bench), [`stale dist/flow.js ${method}`, `stale dist/flow.js ${fn}`])
    }
    bench.write({ 'dist/mintmark.json': manifest })
    bench.edit(project.helper, 'n * 2', 'n * 1')
    bench.write({ [project.asset]: 'b' })
    assert.equal(verify(bench), [`stale dist/flow.js ${method} outer.ts#prompt`])
    bench.write({ [project.asset]: 'a' })
    bench.edit(project.package, '1.0.0', '1.0.1')
    assert.equal(verify(bench), [`stale dist/flow.js ${fn} package dep@1.0.1 package dep@1.0.0`])
    bench.edit(project.package, '1.0.1', '1.0.0')
    bench.edit(project.flow, 'export const f = memoize(', 'export const g = memoize(')
    assert.equal(verify(bench), [`gone dist/flow.js ${fn}`, 'missing src/flow.ts src/flow.ts#g'])
    const { stdout, stderr } = bench.node([MAIN, 'verify-build', 'dist'])
    assert.match(
      stdout,
      /^dist\/flow\.js:\d+: src\/flow\.ts#f is of no step that the sources have\nsrc\/flow\.ts:\d+: src\/flow\.ts#g has no stamp/,
    )
    assert.is(stderr, '2 stamps of 2 steps, 2 not right\n')
  }))

test('a bundle of the output, minified, with its map', () =>
  built(project, ['-p', '.', '--sourceMap'], (bench) => {
    const bundle = (entry: string, external: string[]): void =>
      void buildSync({
        absWorkingDir: bench.dir,
        entryPoints: [entry],
        outfile: 'bundle/all.js',
        external,
        bundle: true,
        minify: true,
        sourcemap: true,
        format: 'esm',
        logLevel: 'silent',
      })
    bundle('dist/flow.js', ['mintmark', 'dep'])
    assert.equal(verify(bench, 'bundle'), [])
    bench.edit(project.helper, 'n * 1', 'n * 2')
    assert.equal(verify(bench, 'bundle'), [`stale bundle/all.js ${method}`, `stale bundle/all.js ${fn}`])
    // esbuild alone knows nothing of stamps.
    bundle(project.flow, ['mintmark', 'dep'])
    assert.equal(verify(bench, 'bundle'), [`missing ${project.flow} ${method}`, `missing ${project.flow} ${fn}`])
  }))

test('every project that a solution references, each with its own output', () => {
  const solution = threePackages()
  built(solution, ['-b'], (bench) => {
    assert.equal(verify(bench), [])
    bench.edit(solution.helper, 'n * 1', 'n * 2')
    assert.equal(
      verify(bench).map((told) => told.split(' ').slice(0, 3).join(' ')),
      ['F.a', 'f'].map((name) => `stale ${solution.output} ${solution.flow}#${name}`),
    )
  })
})

test('without a folder to look at it ends with 2', () => {
  const bench = openWorkbench()
  try {
    bench.write(onePackage().files)
    const none = bench.node([MAIN, 'verify-build'])
    assert.is(none.status, 2)
    assert.match(none.stderr, /^MM5046 there is no folder dist\./)
    bench.write(onePackage({ outDir: undefined }).files)
    assert.match(bench.node([MAIN, 'verify-build']).stderr, /^MM5045 /)
  } finally {
    bench.remove()
  }
})

test.run()
