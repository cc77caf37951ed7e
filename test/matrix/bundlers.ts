// The bundlers, each with a configuration as its users write it, built by processes of their own and watched by ones that stay.

import path from 'node:path'
import { REPOSITORY } from '../support/workbench.js'
import { asked, watching } from './processes.js'
import { built, type Row, readReport, runAll } from './row.js'

const STRIP = path.join(REPOSITORY, 'test/support/strip-types.cjs')

const ESBUILD = `import { build, context } from 'esbuild'
import { mintmark } from 'mintmark/esbuild'
const [, , how, more] = process.argv
const told = { name: 'told', setup: (b) => b.onEnd(() => console.log('BUILT')) }
const options = {
  entryPoints: ['src/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outdir: 'dist',
  logLevel: 'silent',
  plugins: [mintmark(), told],
  ...JSON.parse(more),
}
if (how === 'build') await build(options)
else {
  const kept = await context(options)
  if (how === 'watch') await kept.watch()
  else {
    console.log('READY')
    process.stdin.on('data', () => kept.rebuild().then(() => console.log('READY')))
  }
}
`

/** For what is not installed: takes the types away, finds the sources, and reads JSON. */
const TYPESCRIPT = `import path from 'node:path'
import { transform } from 'esbuild'
const tsconfigRaw = { compilerOptions: { experimentalDecorators: true, target: 'es2022' } }
export const typescript = () => ({
  resolveId: (id, from) => (id.startsWith('.') && from ? path.resolve(path.dirname(from), id.replace(/\\.js$/, '.ts')) : undefined),
  transform(text, id) {
    if (id.endsWith('.json')) return { code: 'export default ' + text, map: null }
    return id.endsWith('.ts') ? transform(text, { loader: 'ts', sourcefile: id, sourcemap: true, tsconfigRaw }) : undefined
  },
})
`
const ROLLUP = `import { mintmark } from 'mintmark/rollup'
import { typescript } from './typescript.mjs'
export default {
  input: 'src/main.ts',
  external: ['mintmark', 'dep', /^node:/],
  output: { dir: 'dist' },
  plugins: [mintmark(), typescript()],
}
`
const ROLLDOWN = `import { mintmark } from 'mintmark/rolldown'
export default {
  input: 'src/main.ts',
  external: ['mintmark', /^node:/],
  platform: 'node',
  output: { dir: 'dist', minify: true },
  plugins: [mintmark()],
}
`

const PACK = `const [, , how, name, cache] = process.argv
const [{ mintmark }, bundler] = await Promise.all([import('mintmark/' + name), import(name === 'webpack' ? 'webpack' : '@rspack/core')])
const swc = { jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } } }
const compiler = (bundler.rspack ?? bundler.default)({
  mode: 'production',
  context: process.cwd(),
  entry: './src/main.ts',
  target: 'node20',
  ...(name === 'webpack' && { experiments: { outputModule: true } }),
  output: { filename: 'main.mjs', module: true, library: { type: 'module' } },
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  externals: { mintmark: 'module mintmark' },
  module: { rules: [{ test: /\\.ts$/, ...(name === 'webpack' ? { loader: ${JSON.stringify(STRIP)} } : { loader: 'builtin:swc-loader', options: swc }) }] },
  ...(cache && { cache: JSON.parse(cache) }),
  plugins: [mintmark()],
})
const told = (error, stats) => {
  const trouble = error ?? (stats.hasErrors() ? stats.toString() : undefined)
  if (trouble) console.error(trouble)
  if (how === 'build') compiler.close(() => (process.exitCode = trouble ? 1 : 0))
  else console.log('BUILT')
}
if (how === 'build') compiler.run(told)
else compiler.watch({ aggregateTimeout: 20 }, told)
`

const CACHES = {
  webpack: { type: 'filesystem' },
  rspack: { type: 'persistent' },
} as const

const esbuild = { host: 'esbuild', packages: ['esbuild'], files: { 'esbuild.mjs': ESBUILD } }
const rollup = { host: 'rollup', packages: ['rollup', 'esbuild'], files: { 'rollup.config.mjs': ROLLUP, 'typescript.mjs': TYPESCRIPT } }
const rolldown = { host: 'rolldown', packages: ['rolldown'], files: { 'rolldown.config.mjs': ROLLDOWN } }
const RUN = ['dist/main.js']
const RUN_PACK = ['dist/main.mjs']

function esbuildRows(): Row[] {
  const more: readonly (readonly [mode: string, options: object])[] = [
    ['build', {}],
    ['build, minified', { minify: true }],
    ['build, split and minified', { splitting: true, minify: true }],
  ]
  return [
    ...more.map(([mode, options]): Row => ({ ...esbuild, mode, open: built(['esbuild.mjs', 'build', JSON.stringify(options)], RUN) })),
    { ...esbuild, mode: 'watch', open: watching({ args: ['esbuild.mjs', 'watch', '{}'], built: /BUILT/ }, RUN) },
    {
      ...esbuild,
      mode: 'rebuild',
      open: asked(['esbuild.mjs', 'rebuild', '{}'], async (_, project) => readReport(await runAll(project, [RUN]))),
    },
  ]
}

function packRows(host: 'webpack' | 'rspack'): Row[] {
  const packages = host === 'webpack' ? ['webpack', 'esbuild'] : ['@rspack']
  const own = { host, packages, files: { 'pack.mjs': PACK } }
  const cache = JSON.stringify(CACHES[host])
  return [
    { ...own, mode: 'build', open: built(['pack.mjs', 'build', host], RUN_PACK) },
    { ...own, mode: 'build, cache on disk', open: built(['pack.mjs', 'build', host, cache], RUN_PACK) },
    { ...own, mode: 'watch', open: watching({ args: ['pack.mjs', 'watch', host], built: /BUILT/ }, RUN_PACK) },
    { ...own, mode: 'watch, cache on disk', open: watching({ args: ['pack.mjs', 'watch', host, cache], built: /BUILT/ }, RUN_PACK) },
  ]
}

const ROLLUP_BIN = 'node_modules/rollup/dist/bin/rollup'
const ROLLDOWN_BIN = 'node_modules/rolldown/bin/cli.mjs'

export const BUNDLER_ROWS: readonly Row[] = [
  ...esbuildRows(),
  { ...rollup, mode: 'build', open: built([ROLLUP_BIN, '-c'], RUN) },
  { ...rollup, mode: 'watch', open: watching({ args: [ROLLUP_BIN, '-c', '-w', '--no-watch.clearScreen'], built: /created dist/ }, RUN) },
  { ...rolldown, mode: 'build, minified', open: built([ROLLDOWN_BIN, '-c', 'rolldown.config.mjs'], RUN) },
  {
    ...rolldown,
    mode: 'watch',
    open: watching({ args: [ROLLDOWN_BIN, '-c', 'rolldown.config.mjs', '-w'], built: /Finished|Rebuilt/ }, RUN),
  },
  ...packRows('webpack'),
  ...packRows('rspack'),
]
