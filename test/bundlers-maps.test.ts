// Every bundler's source map, on a line with a stamp: an error names the line and the column that the user wrote.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BUNDLERS } from './support/bundlers.js'
import { openBundled } from './support/bundles.js'

const MAIN = `import { memoize } from 'mintmark'
interface Long {
  readonly a: number
}
export const f = memoize(async (l: Long): Promise<number> => l.a, { version: 1 }); const fail = (why: string): never => { throw new TypeError(why) }
fail('thrown here')
`

test('an error in a bundle is told where it was written', async () => {
  const bench = openBundled()
  try {
    bench.write({ 'src/main.ts': MAIN })
    const line = MAIN.split('\n')[4]!
    for (const { name, build } of BUNDLERS) {
      const file = await build(bench.dir)
      assert.ok(/mintmark\.stamp/.test(bench.read(file)), name)
      const { stderr } = bench.node(['--enable-source-maps', file])
      assert.match(stderr, 'thrown here', name)
      // Some minifiers drop the `new`, and put `fail` into its place.
      const columns = ['new TypeError', 'TypeError'].map((text) => line.indexOf(text) + 1)
      assert.match(stderr, new RegExp(`src/main\\.ts:5:(?:${columns.join('|')})\\b`), name)
    }
  } finally {
    bench.remove()
  }
})

test.run()
