// The bundlers, each as its users set it up, for the project in bundles.ts.

import path from 'node:path'
import { type RspackOptions, rspack } from '@rspack/core'
import { type BuildOptions, build as esbuild, transform } from 'esbuild'
import { type RolldownOptions, type OutputOptions as RolldownOutput, rolldown } from 'rolldown'
import { type OutputOptions, type Plugin, type RollupOptions, rollup } from 'rollup'
import { type InlineConfig, build as vite } from 'vite'
import webpack, { type Configuration } from 'webpack'
import { mintmark as esbuildPlugin } from '../../transformer/bundlers/esbuild.js'
import { mintmark as rolldownPlugin } from '../../transformer/bundlers/rolldown.js'
import { mintmark as rollupPlugin } from '../../transformer/bundlers/rollup.js'
import { mintmark as rspackPlugin } from '../../transformer/bundlers/rspack.js'
import { mintmark as vitePlugin } from '../../transformer/bundlers/vite.js'
import { mintmark as webpackPlugin } from '../../transformer/bundlers/webpack.js'
import { REPOSITORY } from './workbench.js'

export interface Bundler {
  readonly name: string
  /** Bundles `src/main.ts` of the folder; answers the file to run, relative to it. */
  build(dir: string): Promise<string>
}

const main = (dir: string): string => path.join(dir, 'src/main.ts')

/** What people use TypeScript plugins for. */
function typescript(dir: string): Plugin {
  return {
    name: 'typescript',
    resolveId(specifier, from) {
      if (specifier === 'dep') return path.join(dir, 'node_modules/dep/index.js')
      return specifier.startsWith('.') && from ? path.resolve(path.dirname(from), specifier.replace(/\.js$/, '.ts')) : undefined
    },
    async transform(text, id) {
      if (id.endsWith('.json')) return { code: `export default ${text}`, map: null }
      if (!id.endsWith('.ts')) return undefined
      const { code, map } = await transform(text, { loader: 'ts', sourcefile: id, sourcemap: true, tsconfigRaw: LEGACY })
      return { code, map }
    },
  }
}

const LEGACY = { compilerOptions: { experimentalDecorators: true } }
/** A loader that takes the types away. */
const LOADER = path.join(REPOSITORY, 'test/support/strip-types.cjs')
const SWC = { jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } } }

export const esbuildOptions = (dir: string): BuildOptions => ({
  absWorkingDir: dir,
  entryPoints: [main(dir)],
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  platform: 'node',
  external: ['mintmark'],
  outdir: 'esbuild',
  logLevel: 'silent',
  plugins: [esbuildPlugin()],
})

export const rollupOptions = (dir: string): RollupOptions => ({
  input: main(dir),
  external: ['mintmark'],
  output: { dir: path.join(dir, 'rollup'), sourcemap: true },
  plugins: [rollupPlugin({ cwd: dir }), typescript(dir)],
})

export const rolldownOptions = (dir: string): RolldownOptions => ({
  cwd: dir,
  input: main(dir),
  external: ['mintmark'],
  platform: 'node',
  output: { dir: path.join(dir, 'rolldown'), sourcemap: true, minify: true },
  plugins: [rolldownPlugin({ cwd: dir })],
})

export const viteOptions = (dir: string): InlineConfig => ({
  root: dir,
  configFile: false,
  logLevel: 'error',
  build: { ssr: 'src/main.ts', outDir: 'vite', minify: true, sourcemap: true },
  ssr: { noExternal: ['dep'] },
  plugins: [vitePlugin()],
})

function packOptions(dir: string, name: string) {
  return {
    mode: 'production',
    context: dir,
    entry: './src/main.ts',
    target: 'node20',
    devtool: 'source-map',
    output: {
      path: path.join(dir, name),
      filename: 'main.mjs',
      chunkFilename: '[contenthash].mjs',
      module: true,
      library: { type: 'module' },
    },
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] as string[] } },
    externals: { mintmark: 'module mintmark' },
  } as const
}

export const webpackOptions = (dir: string): Configuration => ({
  ...packOptions(dir, 'webpack'),
  experiments: { outputModule: true },
  cache: { type: 'filesystem', cacheDirectory: path.join(dir, 'webpack-cache') },
  module: { rules: [{ test: /\.ts$/, loader: LOADER }] },
  plugins: [webpackPlugin()],
})

export const rspackOptions = (dir: string): RspackOptions => ({
  ...packOptions(dir, 'rspack'),
  cache: { type: 'persistent', storage: { type: 'filesystem', directory: path.join(dir, 'rspack-cache') } },
  module: { rules: [{ test: /\.ts$/, loader: 'builtin:swc-loader', options: SWC }] },
  plugins: [rspackPlugin()],
})

interface Packed {
  readonly hasErrors: () => boolean
  readonly toString: () => string
}

/** One compiler, run and closed as a process of its own would. */
export function pack(compiler: {
  run(done: (error: Error | null | undefined, stats?: Packed) => void): void
  close(done: (error?: Error | null) => void): void
}): Promise<void> {
  return new Promise((resolve, reject) =>
    compiler.run((error, stats) =>
      compiler.close((late) => {
        const trouble = error ?? late ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined)
        if (trouble) reject(trouble)
        else resolve()
      }),
    ),
  )
}

export const BUNDLERS: readonly Bundler[] = [
  {
    name: 'esbuild',
    async build(dir) {
      await esbuild(esbuildOptions(dir))
      return 'esbuild/main.js'
    },
  },
  {
    name: 'rollup',
    async build(dir) {
      const options = rollupOptions(dir)
      const bundle = await rollup(options)
      await bundle.write(options.output as OutputOptions)
      await bundle.close()
      return 'rollup/main.js'
    },
  },
  {
    name: 'rolldown',
    async build(dir) {
      const options = rolldownOptions(dir)
      const bundle = await rolldown(options)
      await bundle.write(options.output as RolldownOutput)
      await bundle.close()
      return 'rolldown/main.js'
    },
  },
  {
    name: 'vite',
    async build(dir) {
      await vite(viteOptions(dir))
      return 'vite/main.js'
    },
  },
  {
    name: 'webpack',
    async build(dir) {
      await pack(webpack(webpackOptions(dir))!)
      return 'webpack/main.mjs'
    },
  },
  {
    name: 'rspack',
    async build(dir) {
      await pack(rspack(rspackOptions(dir)))
      return 'rspack/main.mjs'
    },
  },
]
