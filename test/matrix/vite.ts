// Vite, as a build and as a dev server with each of its environments, and Vitest.

import { asked, rerunning } from './processes.js'
import type { Report } from './row.js'
import { built, type Row, readReport, runAll } from './row.js'

const CONFIG = `import { defineConfig } from 'vite'
import { mintmark } from 'mintmark/vite'
export default defineConfig({ plugins: [mintmark()], build: { ssr: 'src/main.ts', target: 'node20', outDir: 'dist', minify: true } })
`
const SERVER = `import { createServer, createServerModuleRunner } from 'vite'
const server = await createServer({ appType: 'custom', logLevel: 'error', server: { middlewareMode: true, ws: false, hmr: true } })
const [, , how] = process.argv
const ways = {
  async ssrLoadModule() {
    const { report } = await server.ssrLoadModule('/src/main.ts')
    await report()
  },
  async client() {
    for (const name of ['flow', 'functions']) console.log((await server.environments.client.transformRequest('/src/' + name + '.ts')).code)
  },
}
if (how === 'hot') await createServerModuleRunner(server.environments.ssr, { hmr: { logger: false } }).import('/src/hot.ts')
else process.stdin.on('data', () => ways[how]().catch(console.error).then(() => console.log('READY')))
console.log('READY')
`
/** Runs again by itself, whatever has changed behind it. */
const HOT = `import { report } from './main.js'
await report()
console.log('DONE')
if (import.meta.hot) import.meta.hot.accept()
`
const VITEST = `import { defineConfig } from 'vitest/config'
import { mintmark } from 'mintmark/vite'
export default defineConfig({ plugins: [mintmark()], test: { include: ['src/**/*.test.ts'] } })
`
const TEST = `import { test } from 'vitest'
import { report } from './main.js'
test('it reports', report)
`

function stampsIn(output: string): Report {
  const found = [...output.matchAll(/"id":\s*"[^"]*[#.](\w+)",\s*"fingerprint":\s*"(\w+)"/g)]
  return { stamps: Object.fromEntries(found.map(([, step, fingerprint]) => [step, fingerprint])) }
}

const vite = { host: 'vite', packages: ['vite'], files: { 'vite.config.mjs': CONFIG, 'server.mjs': SERVER, 'src/hot.ts': HOT } }
const vitest = { host: 'vitest', packages: ['vite', 'vitest'], files: { 'vitest.config.mjs': VITEST, 'src/main.test.ts': TEST } }
const VITEST_BIN = 'node_modules/vitest/vitest.mjs'
const env = { REPORT: 'when asked' }
const restarts = ['package bump', 'its package bump']

export const VITE_ROWS: readonly Row[] = [
  { ...vite, mode: 'build, minified', open: built(['node_modules/vite/bin/vite.js', 'build'], ['dist/main.js']) },
  { ...vite, mode: 'dev server, ssrLoadModule', restarts, open: asked(['server.mjs', 'ssrLoadModule']) },
  { ...vite, mode: 'dev server, client', open: asked(['server.mjs', 'client'], stampsIn) },
  { ...vite, mode: 'dev server, hot updates', restarts, open: rerunning({ args: ['server.mjs', 'hot'], env, built: /DONE/ }) },
  { ...vitest, mode: 'run', open: (project) => ({ report: async () => readReport(await runAll(project, [[VITEST_BIN, 'run']], env)) }) },
  { ...vitest, mode: 'watch', open: rerunning({ args: [VITEST_BIN, 'watch'], env, built: /Waiting for file changes/ }) },
]
