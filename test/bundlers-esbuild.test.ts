// What only `mintmark/esbuild` has: plugins that are given to it, and messages in the form of esbuild's own.

import path from 'node:path'
import { type BuildFailure, type BuildOptions, type BuildResult, build, type Message, type Plugin } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type EsbuildOptions, mintmark } from '../transformer/bundlers/esbuild.js'
import { openWorkbench, type Workbench } from './support/workbench.js'

const FILES = {
  'package.json': '{"type":"module"}',
  'tsconfig.json': '{}',
  'src/flow.ts': "import { memoize } from 'mintmark'\nexport const f = memoize(async () => [Date.now(), 'MACRO'])\n",
}

async function bundled(
  run: (make: (options: EsbuildOptions, more?: BuildOptions) => Promise<BuildResult<{ write: false }>>, bench: Workbench) => Promise<void>,
): Promise<void> {
  const bench = openWorkbench()
  try {
    bench.write(FILES)
    await run(
      (options, more) =>
        build({
          absWorkingDir: bench.dir,
          entryPoints: ['src/flow.ts'],
          outdir: 'dist',
          bundle: true,
          format: 'esm',
          packages: 'external',
          logLevel: 'silent',
          ...more,
          write: false,
          plugins: [mintmark(options)],
        }),
      bench,
    )
  } finally {
    bench.remove()
  }
}

const placeOf = ({ text, location }: Message): string => `${text.slice(0, 6)} ${location?.file}:${location?.line}:${location?.column}`

test('what no fingerprint can speak for is a warning with its place, and an error under `strict`', () =>
  bundled(async (make) => {
    const { warnings, outputFiles } = await make({})
    assert.equal(warnings.map(placeOf), ['MM1006 src/flow.ts:2:38'])
    assert.match(outputFiles[0]!.text, 'mintmark.stamp')
    const failure = await make({ strict: true }).then(
      () => undefined,
      (error: BuildFailure) => error,
    )
    assert.equal(failure?.errors.map(placeOf), ['MM1006 src/flow.ts:2:38'])
  }))

test('an option that the plugin does not have is refused, and it says where the one that was meant stands', () =>
  bundled(async (make) => {
    const failure = await make({ packages: 'version' } as EsbuildOptions).then(
      () => undefined,
      (error: BuildFailure) => error.errors[0]?.text,
    )
    assert.match(failure ?? '', /^MM5030 .* no option `packages`. It has cwd, tsconfig, manifest, strict, plugins; .* tsconfig\.json/)
  }))

test('what a plugin makes of a file is stamped, with what the plugin says beside it', () =>
  bundled(async (make, { dir, read }) => {
    let word = 'one'
    const macros: Plugin = {
      name: 'macros',
      setup({ onLoad }) {
        onLoad({ filter: /flow\.ts$/ }, () => ({
          contents: read('src/flow.ts').replace('MACRO', word),
          loader: 'ts',
          warnings: [{ text: 'a macro' }],
          watchFiles: [path.join(dir, 'macros.txt')],
        }))
      },
    }
    const fingerprintOf = async (options: EsbuildOptions): Promise<string> => {
      const { outputFiles, warnings } = await make(options)
      assert.equal(
        warnings.map(({ text }) => text.slice(0, 7)),
        options.plugins ? ['a macro', 'MM1006 '] : ['MM1006 '],
      )
      return /fingerprint"?: ?"(\w+)"/.exec(outputFiles[0]!.text)![1]!
    }
    const plain = await fingerprintOf({})
    const one = await fingerprintOf({ plugins: [macros] })
    assert.is(await fingerprintOf({ plugins: [macros] }), one)
    word = 'two'
    const two = await fingerprintOf({ plugins: [macros] })
    assert.is(new Set([plain, one, two]).size, 3)
    word = 'MACRO'
    assert.is(await fingerprintOf({ plugins: [macros] }), plain)
  }))

test.run()
