// Source maps of baked output lead every token that the user wrote to where it was written, on lines with stamps as well.

import { SourceMap } from 'node:module'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { onePackage } from './support/tspc-projects.js'
import { openWorkbench } from './support/workbench.js'

const SOURCE = `import { memoize, FlowSpec, step } from 'mintmark'
export const before = () => 'in front'
export const one = memoize(async (n: number) => n + 111, { version: 1 }); export const beside = () => 'on the same line'
export class Flow extends FlowSpec {
  out = 222
  @step @memoize({}) work(): void { this.out = 333 }
}
async function named(n: number) { return n * 444 }
export const two = memoize(named, { version: 555 })
export function make(k: number) {
  return memoize(async (n: number) => n + k + 666)
}
export const after = () => 'behind'
`
const TOKENS = ["'in front'", '111', "'on the same line'", '222', '333', '444', '555', '666', "'behind'"]

for (const [name, options, type] of [
  ['ES modules', {}, 'module'],
  ['CommonJS, legacy decorators', { experimentalDecorators: true }, 'commonjs'],
] as const) {
  test(`maps are exact: ${name}`, () => {
    const bench = openWorkbench()
    try {
      bench.write({ ...onePackage({ ...options, sourceMap: true }, type).files, 'src/flow.ts': SOURCE })
      const { status, stdout } = bench.compile()
      assert.is(status, 0, stdout)
      const code = bench.read('dist/flow.js')
      assert.is(code.match(/Symbol\.for\("mintmark\.stamp"\)/g)?.length, 4)
      const map = new SourceMap(JSON.parse(bench.read('dist/flow.js.map')))
      for (const token of TOKENS) {
        const { originalLine, originalColumn } = map.findEntry(...placeOf(code, token)) as { originalLine: number; originalColumn: number }
        assert.equal([originalLine, originalColumn], placeOf(SOURCE, token), token)
      }
    } finally {
      bench.remove()
    }
  })
}

/** Line and column from 0. */
function placeOf(text: string, token: string): [line: number, column: number] {
  const quoted = token.startsWith("'") ? new RegExp(`['"]${token.slice(1, -1)}['"]`) : new RegExp(`\\b${token}\\b`)
  const lines = text.slice(0, quoted.exec(text)!.index).split('\n')
  return [lines.length - 1, lines.at(-1)!.length]
}

test.run()
