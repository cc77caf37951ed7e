// Caches on disk of webpack and Rspack: what another Mintmark has filled, or one with other options, is not used.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openProject } from './matrix/project.js'

const BUILD = `const [, , name, options] = process.argv
const [{ mintmark }, bundler] = await Promise.all([import('mintmark/' + name), import(name === 'webpack' ? 'webpack' : '@rspack/core')])
const compiler = (bundler.rspack ?? bundler.default)({
  mode: 'development',
  devtool: false,
  context: process.cwd(),
  entry: './steps/main.js',
  target: 'node20',
  externals: { mintmark: 'commonjs mintmark' },
  module: { rules: [{ test: /steps.main\\.js$/, loader: './loader.cjs' }] },
  cache: { type: name === 'webpack' ? 'filesystem' : 'persistent' },
  plugins: [mintmark(JSON.parse(options))],
})
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) console.error(error ?? stats.toString())
  compiler.close(() => {})
})
`
const FILES = {
  'build.mjs': BUILD,
  'loader.cjs': "module.exports = function (text, map) {\n  console.log('built')\n  this.callback(null, text, map)\n}\n",
  'steps/main.js': "import { memoize } from 'mintmark'\nexport const f = memoize(async () => 1)\n",
}

for (const [name, packages] of [
  ['webpack', ['webpack']],
  ['rspack', ['@rspack']],
] as const)
  test(`${name}: a module comes from the cache until Mintmark or its options are others`, () => {
    const project = openProject({ packages, files: FILES })
    const builds = (options = {}): number => {
      const { stdout, stderr } = project.node(['build.mjs', name, JSON.stringify(options)])
      assert.is(stderr, '')
      return stdout.match(/built/g)?.length ?? 0
    }
    try {
      assert.is(builds(), 1)
      assert.is(builds(), 0)
      project.edit('node_modules/mintmark/package.json', '"version":"', '"version":"9')
      assert.is(builds(), 1, 'another version')
      assert.is(builds(), 0)
      assert.is(builds({ strict: true }), 1, 'other options')
      project.edit('node_modules/mintmark/dist/runtime/contract.js', 'FORMAT = ', 'FORMAT = 1000 + ')
      assert.is(builds({ strict: true }), 1, 'another format')
    } finally {
      project.remove()
    }
  })

test.run()
