// A bundle with other constants or aliases than the one before, by every bundler that has such options of its own: it never hits what it must not.

import path from 'node:path'
import { DefinePlugin, EnvironmentPlugin, rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { type OutputOptions as RolldownOutput, rolldown } from 'rolldown'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { build as vite } from 'vite'
import webpack from 'webpack'
import { esbuildOptions, pack, rolldownOptions, rspackOptions, viteOptions, webpackOptions } from './support/bundlers.js'
import { openWorkbench } from './support/workbench.js'

const FILES = {
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es2022","module":"nodenext"}}',
  'src/one.ts': 'export const value = 1',
  'src/two.ts': 'export const value = 2',
}

interface Given {
  readonly factor: number
  readonly lib: 'one' | 'two'
}

const replace = (dir: string, { factor, lib }: Given) => ({
  define: { FACTOR: String(factor), 'process.env.UNREAD': String(Math.random()) },
  alias: { lib: path.join(dir, `src/${lib}.ts`) },
})

/** Bundles `src/main.ts`; answers the file to run. */
const BUILDS: Readonly<Record<string, (dir: string, given: Given) => Promise<string>>> = {
  async esbuild(dir, given) {
    await esbuild({ ...esbuildOptions(dir), ...replace(dir, given) })
    return 'esbuild/main.js'
  },
  async rolldown(dir, given) {
    const { define, alias } = replace(dir, given)
    const options = { ...rolldownOptions(dir), transform: { define }, resolve: { alias } }
    const bundle = await rolldown(options)
    await bundle.write(options.output as RolldownOutput)
    await bundle.close()
    return 'rolldown/main.js'
  },
  async vite(dir, given) {
    const { define, alias } = replace(dir, given)
    await vite({ ...viteOptions(dir), define, resolve: { alias } })
    return 'vite/main.js'
  },
  async webpack(dir, given) {
    const { define, alias } = replace(dir, given)
    const options = webpackOptions(dir)
    const plugins = [new webpack.DefinePlugin(define), ...options.plugins!]
    await pack(webpack({ ...options, resolve: { ...options.resolve, alias }, plugins })!)
    return 'webpack/main.mjs'
  },
  async rspack(dir, given) {
    const { define, alias } = replace(dir, given)
    const options = rspackOptions(dir)
    const plugins = [new DefinePlugin(define), new EnvironmentPlugin({ UNREAD: 'x' }), ...options.plugins!]
    await pack(rspack({ ...options, resolve: { ...options.resolve, alias }, plugins }))
    return 'rspack/main.mjs'
  },
}

for (const [name, build] of Object.entries(BUILDS))
  test(`${name}: other constants, aliases and what these lead to`, async () => {
    const bench = openWorkbench()
    try {
      bench.write({
        ...FILES,
        'src/helper.ts':
          "import { value } from 'lib'\ndeclare const FACTOR: number\nexport const helper = (n: number): number => n * value * FACTOR\n",
        'src/main.ts': `import { memoize } from 'mintmark'
import { helper } from './helper.js'
let runs = 0
const step = memoize(async (n: number) => (runs++, helper(n)))
console.log(await step(10), runs)
`,
      })
      const round = async (given: Given): Promise<string> => {
        const { stdout, stderr } = bench.node([await build(bench.dir, given)])
        assert.is(stderr, '')
        return stdout.trim()
      }
      assert.is(await round({ factor: 1, lib: 'one' }), '10 1')
      assert.is(await round({ factor: 1, lib: 'one' }), '10 0')
      assert.is(await round({ factor: 3, lib: 'one' }), '30 1')
      assert.is(await round({ factor: 3, lib: 'two' }), '60 1')
      bench.edit('src/two.ts', '2', '4')
      assert.is(await round({ factor: 3, lib: 'two' }), '120 1')
      assert.is(await round({ factor: 1, lib: 'one' }), '10 0')
    } finally {
      bench.remove()
    }
  })

test.run()
