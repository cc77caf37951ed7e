// Every bundler, with a build after each of several edits: the stamps that arrive in the bundle are those of a fresh look at the sources,
// minified, split and restored from caches on disk as they are.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BUNDLERS } from './support/bundlers.js'
import { EDITS, expectedStamps, openBundled, printedBy, sourceIn } from './support/bundles.js'

test('after each edit every bundle carries the stamps of a fresh look', async () => {
  const bench = openBundled()
  try {
    let last = {}
    for (const [name, changes, edit] of [['the first build', true, () => {}] as const, ['nothing', false, () => {}] as const, ...EDITS]) {
      edit(bench)
      const expected = expectedStamps(bench)
      assert.is(JSON.stringify(expected) !== JSON.stringify(last), changes, name)
      last = expected
      const files: string[] = []
      for (const { build } of BUNDLERS) files.push(await build(bench.dir))
      printedBy(bench, files).forEach((printed, i) => {
        assert.equal(printed, expected, `${BUNDLERS[i]!.name} after ${name}`)
      })
    }
    const manifests = BUNDLERS.map(({ name }) => bench.read(`${name}/mintmark.json`))
    assert.equal(
      Object.entries(JSON.parse(manifests[0]!).steps).map(([id, step]) => [id, (step as { fingerprint: string }).fingerprint]),
      Object.entries(last),
    )
    assert.is(new Set(manifests).size, 1)
    for (const { name } of BUNDLERS) assert.is(sourceIn(bench, name, 'src/flow.ts'), bench.read('src/flow.ts'), name)
  } finally {
    bench.remove()
  }
})

test.run()
