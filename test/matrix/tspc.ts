// `tspc` in all its modes, and `tsc` after `ts-patch install`.

import { cpSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { TSPC } from '../support/tspc-projects.js'
import { REPOSITORY } from '../support/workbench.js'
import { watching } from './processes.js'
import { type Edited, tsconfig } from './project.js'
import { type Row, readReport, runAll } from './row.js'

const require = createRequire(import.meta.url)
const TS_PATCH = require.resolve('ts-patch/bin/ts-patch.js')
const TSC = 'node_modules/typescript/bin/tsc'
const WATCHING = /Watching for file changes/

interface Mode extends Pick<Row, 'mode' | 'layout' | 'type'> {
  readonly options?: object
  readonly args: readonly string[]
  readonly watch?: boolean
}

const MODES: readonly Mode[] = [
  { mode: 'one-shot', args: ['-p', '.'] },
  { mode: 'one-shot, CommonJS', type: 'commonjs', args: ['-p', '.'] },
  { mode: 'incremental', options: { incremental: true }, args: ['-p', '.'] },
  { mode: 'incremental, CommonJS', type: 'commonjs', options: { incremental: true }, args: ['-p', '.'] },
  { mode: 'incremental, declaration', options: { incremental: true, declaration: true }, args: ['-p', '.'] },
  { mode: 'incremental, isolatedModules', options: { incremental: true, isolatedModules: true }, args: ['-p', '.'] },
  { mode: '-b', options: { composite: true }, args: ['-b'] },
  { mode: '-b, references', layout: 'three', args: ['-b'] },
  { mode: '-b, references, CommonJS', layout: 'three', type: 'commonjs', args: ['-b'] },
  { mode: '--watch', args: ['-w', '--preserveWatchOutput'], watch: true },
  { mode: '-b --watch, references', layout: 'three', args: ['-b', '-w', '--preserveWatchOutput'], watch: true },
]

const GUARDED = ['incremental, declaration', '-b, references', '--watch', '-b --watch, references']
const COMPILERS: readonly (readonly [name: string, package_: string, modes: readonly Mode[]])[] = [
  ['tspc, TypeScript 5.9', 'typescript', MODES],
  ['tspc, TypeScript 5.4', 'typescript-5.4', MODES.filter(({ mode }) => GUARDED.includes(mode))],
  ['tspc, TypeScript 6.0', 'typescript-6', MODES.filter(({ mode }) => GUARDED.includes(mode))],
]

/** `typescript` in node_modules is that of the row. */
function useCompiler({ dir }: Edited, name: string): void {
  const place = path.join(dir, 'node_modules/typescript')
  rmSync(place, { recursive: true, force: true })
  cpSync(path.join(REPOSITORY, 'node_modules', name), place, { recursive: true })
}

function rowOf(host: string, compiler: string, { mode, args, watch, options, ...setting }: Mode): Row {
  const files = options && { 'tsconfig.json': tsconfig(options) }
  return {
    host,
    mode,
    ...setting,
    ...(files && { files }),
    open(project) {
      const run = [project.at('main')]
      if (compiler !== 'typescript') useCompiler(project, compiler)
      const env = { TSP_COMPILER_TS_PATH: path.join(project.dir, 'node_modules/typescript') }
      if (watch) return watching({ args: [TSPC, ...args], env, built: WATCHING }, run)(project)
      return { report: async () => readReport(await runAll(project, [[TSPC, ...args], run], env)) }
    },
  }
}

const patched: Row = {
  host: 'tsc after ts-patch install',
  mode: 'incremental, declaration',
  files: { 'tsconfig.json': tsconfig({ incremental: true, declaration: true }) },
  packages: ['ts-patch'],
  async open(project) {
    useCompiler(project, 'typescript')
    await runAll(project, [[TS_PATCH, 'install', '--dir', project.dir]])
    return { report: async () => readReport(await runAll(project, [[TSC, '-p', '.'], [project.at('main')]])) }
  },
}

export const TSPC_ROWS: readonly Row[] = [
  ...COMPILERS.flatMap(([host, compiler, modes]) => modes.map((mode) => rowOf(host, compiler, mode))),
  patched,
]
