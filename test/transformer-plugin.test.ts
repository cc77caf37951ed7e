// The plugin in a build from nothing, with `transformProgram` and without: its stamps, and what it says.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { build, withProject } from './support/tspc-modes.js'
import { expectedStamps, onePackage, PLUGIN } from './support/tspc-projects.js'

for (const [name, project] of [
  ['one-shot', onePackage()],
  ['one-shot without transformProgram', onePackage({}, 'commonjs', { transform: 'mintmark/transformer' })],
] as const) {
  test(`${name}: what \`mintmark fingerprint\` tells`, () =>
    withProject(project, (bench) => assert.equal(build(bench, { name, project, args: ['-p', '.'] }), expectedStamps(bench, project))))
}

test('an incremental build without transformProgram is warned of, and what it reaches is told, once', () =>
  withProject(onePackage({ incremental: true }, 'module', { transform: 'mintmark/transformer' }), (bench) => {
    bench.write({ 'src/inner.ts': 'export const inner = (n: number): number => n * Date.now()\n' })
    const told = bench.compile().stderr.match(/MM\d+|step `.*?`/g)
    assert.equal(told, ['MM1020', 'MM1006', 'step `F.a`', 'MM1006', 'step `f`'])
  }))

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
