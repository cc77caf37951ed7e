// The hosts that need no bundler: Node with the module hooks, and the command line.

import { TSPC } from '../support/tspc-projects.js'
import { built, type Report, type Row, runAll } from './row.js'

const MINTMARK = 'node_modules/mintmark/dist/cli/main.js'

/** Fingerprints of every step by its last name. */
function told(output: string): Report {
  const all = Object.entries(JSON.parse(output) as Record<string, string>)
  return { stamps: Object.fromEntries(all.map(([id, fingerprint]) => [id.replace(/.*[#.]/, ''), fingerprint])) }
}

/** The command comes first: what it tells is what all others are compared with. */
export const PLAIN_ROWS: readonly Row[] = [
  {
    host: 'mintmark fingerprint',
    mode: 'one package',
    open: (project) => ({
      report: async () => told(await runAll(project, [[MINTMARK, 'fingerprint', '--json', 'src/flow.ts', 'src/functions.ts']])),
    }),
  },
  {
    host: 'mintmark fingerprint',
    mode: 'references',
    layout: 'three',
    open: (project) => ({
      report: async () =>
        told(await runAll(project, [[MINTMARK, 'fingerprint', '--json', ...['flow', 'functions'].map((f) => `packages/app/src/${f}.ts`)]])),
    }),
  },
  { host: 'mintmark/register', mode: 'ES modules', packages: ['esbuild'], open: built(['--import', 'mintmark/register', 'src/main.ts']) },
  {
    host: 'mintmark/register',
    mode: 'CommonJS',
    type: 'commonjs',
    packages: ['esbuild'],
    open: built(['--import', 'mintmark/register', 'src/main.ts']),
  },
  { host: 'mintmark run', mode: 'ES modules', packages: ['esbuild'], open: built([MINTMARK, 'run', 'src/main.ts']) },
  {
    host: 'mintmark run',
    mode: 'references, built',
    layout: 'three',
    packages: ['esbuild'],
    open: built([TSPC, '-b', 'packages/lib'], [MINTMARK, 'run', 'packages/app/src/main.ts']),
  },
]
