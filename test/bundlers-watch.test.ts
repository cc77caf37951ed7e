// Bundlers that watch, all of them over one project: after each edit, be it of a package or of a file that is only named, what they have
// made is up to date.

import path from 'node:path'
import { rspack } from '@rspack/core'
import { context } from 'esbuild'
import { watch as watchRolldown } from 'rolldown'
import { watch as watchRollup } from 'rollup'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createServer } from 'vite'
import webpack from 'webpack'
import { esbuildOptions, rolldownOptions, rollupOptions, rspackOptions, viteOptions, webpackOptions } from './support/bundlers.js'
import { EDITS, expectedStamps, openBundled, printedBy, type Stamps } from './support/bundles.js'
import type { Workbench } from './support/workbench.js'

interface Watcher {
  readonly name: string
  /** What the module carries by now, by id. */
  stamps(): Promise<Stamps>
  close(): Promise<unknown>
}

/** `onBuilt` is called after every build, with what went wrong. */
type Watch = (dir: string, onBuilt: (error?: unknown) => void) => Promise<() => Promise<unknown>>

/** The bundle is run whenever it is asked for its stamps and there is a new one. */
async function watchOutput(name: string, file: string, bench: Workbench, watch: Watch): Promise<Watcher> {
  let isNew = false
  let wake = (): void => {}
  let trouble: unknown
  let last: Stamps = {}
  const close = await watch(bench.dir, (error) => {
    trouble = error
    isNew = true
    wake()
  })
  return {
    name,
    close,
    async stamps() {
      if (!isNew) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), pause(1000)])
      if (trouble) throw trouble
      if (isNew) {
        isNew = false
        last = printedBy(bench, [file])[0]!
      }
      return last
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const WATCHES: readonly (readonly [name: string, file: string, watch: Watch])[] = [
  [
    'esbuild',
    'esbuild/main.js',
    async (dir, onBuilt) => {
      const end = { name: 'end', setup: (build: { onEnd(f: () => void): void }) => build.onEnd(() => onBuilt()) }
      const options = esbuildOptions(dir)
      const watched = await context({ ...options, plugins: [...options.plugins!, end] })
      await watched.watch()
      return () => watched.dispose()
    },
  ],
  [
    'rollup',
    'rollup/main.js',
    async (dir, onBuilt) => {
      const watcher = watchRollup({ ...rollupOptions(dir), watch: { buildDelay: 50 } })
      watcher.on('event', (event) => {
        if (event.code === 'END') onBuilt()
        if (event.code === 'ERROR') onBuilt(event.error)
        if ('result' in event) void event.result?.close()
      })
      return () => watcher.close()
    },
  ],
  [
    'rolldown',
    'rolldown/main.js',
    async (dir, onBuilt) => {
      const watcher = watchRolldown(rolldownOptions(dir))
      watcher.on('event', (event) => {
        if (event.code === 'END') onBuilt()
        if (event.code === 'ERROR') onBuilt(event.error)
        if ('result' in event) void event.result?.close()
      })
      return () => watcher.close()
    },
  ],
  [
    'webpack',
    'webpack/main.mjs',
    async (dir, onBuilt) => {
      const watching = webpack(webpackOptions(dir))!.watch({ aggregateTimeout: 20 }, (error) => onBuilt(error))!
      return () => new Promise<void>((resolve) => watching.close(() => resolve()))
    },
  ],
  [
    'rspack',
    'rspack/main.mjs',
    async (dir, onBuilt) => {
      const compiler = rspack(rspackOptions(dir))
      const watching = compiler.watch({ aggregateTimeout: 20 }, (error) => onBuilt(error))!
      return () => new Promise<void>((resolve) => watching.close(() => resolve()))
    },
  ],
]

/** A dev server is asked for the modules themselves, in both of its environments. */
async function serve(bench: Workbench): Promise<Watcher[]> {
  const server = await createServer({
    ...viteOptions(bench.dir),
    appType: 'custom',
    server: { middlewareMode: true, ws: false, hmr: true },
  })
  return [server.environments.client, server.environments.ssr].map((environment, i) => ({
    name: `vite dev, ${environment.name}`,
    async stamps() {
      const found: Record<string, string> = {}
      for (const name of ['flow', 'lazy']) {
        const { code } = (await environment.transformRequest(`/src/${name}.ts`))!
        for (const [, id, fingerprint] of code.matchAll(/"id":\s*"([^"]+)",\s*"fingerprint":\s*"(\w+)"/g)) found[id!] = fingerprint!
      }
      await pause(50)
      return Object.fromEntries(Object.entries(found).sort())
    },
    close: async () => (i === 0 ? server.close() : undefined),
  }))
}

/** How long a watcher may take to notice. esbuild looks at a file every other second. */
const PATIENCE_MS = 20_000

test('whoever watches is fresh after each edit', async () => {
  const bench = openBundled()
  const watchers: Watcher[] = []
  try {
    expectedStamps(bench)
    for (const [name, file, watch] of WATCHES) watchers.push(await watchOutput(name, file, bench, watch))
    watchers.push(...(await serve(bench)))
    for (const [name, , edit] of [['the first build', true, () => {}] as const, ...EDITS.filter(([, changes]) => changes)]) {
      edit(bench)
      const expected = expectedStamps(bench)
      const since = performance.now()
      for (const watcher of watchers) {
        let stamps = await watcher.stamps()
        while (JSON.stringify(stamps) !== JSON.stringify(expected) && performance.now() - since < PATIENCE_MS)
          stamps = await watcher.stamps()
        assert.equal(stamps, expected, `${watcher.name} after ${name}`)
      }
    }
  } finally {
    for (const { close } of watchers) await close()
    bench.remove()
  }
})

test('a dev server that is told of a file while it is being written, and then no more, has the stamps of what was written', async () => {
  const bench = openBundled()
  const server = await createServer({
    ...viteOptions(bench.dir),
    appType: 'custom',
    server: { middlewareMode: true, ws: false, hmr: false, watch: null },
  })
  try {
    const stamps = async () => {
      const { code } = (await server.environments.ssr.transformRequest('/src/flow.ts'))!
      return Object.fromEntries([...code.matchAll(/"id":\s*"([^"]+)",\s*"fingerprint":\s*"(\w+)"/g)].map(([, id, told]) => [id, told]))
    }
    const [text, before] = [bench.read('src/helper.ts'), await stamps()]
    bench.write({ 'src/helper.ts': '' })
    server.watcher.emit('change', path.join(bench.dir, 'src/helper.ts'))
    await pause(20)
    assert.not.equal(await stamps(), before)
    bench.write({ 'src/helper.ts': text.replace('+ 1', '+ 2') })
    const all = expectedStamps(bench)
    const expected = Object.fromEntries(Object.keys(before).map((id) => [id, all[id!]]))
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(50))
      if (JSON.stringify(await stamps()) === JSON.stringify(expected)) break
    assert.equal(await stamps(), expected)
  } finally {
    await server.close()
    bench.remove()
  }
})

test.run()
