// What a start without a build costs when nothing has changed: the example flow, and a project of 500 files with 50 memoized functions.
// Whole processes, in turn, against plain Node on the compiled code and against hooks that only call esbuild.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { median, ratio, report } from './support/figures.js'
import { type Cost, cost } from './support/processes.js'

const ROUNDS = 9
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const MINTMARK = path.join(REPOSITORY, 'dist/cli/main.js')
const OPTIONS = { target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] }

export async function run(): Promise<void> {
  for (const [name, fill] of [
    ['example', fillExample],
    ['500 files', fillLarge],
  ] as const) {
    const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
    try {
      fill(dir)
      prepare(dir)
      compare(name, dir)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

function compare(name: string, dir: string): void {
  const kinds = {
    'mintmark run': [MINTMARK, 'run', 'src/flow.ts', 'show'],
    'compiled code': ['dist/flow.js', 'show'],
    'bare esbuild hooks': ['--import', './hooks.mjs', 'src/flow.ts', 'show'],
  }
  const costs: Record<keyof typeof kinds, Cost[]> = { 'mintmark run': [], 'compiled code': [], 'bare esbuild hooks': [] }
  spawnSync(process.execPath, kinds['mintmark run'], { cwd: dir })
  for (let round = 0; round < ROUNDS; round++)
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) costs[kind].push(cost(kinds[kind], dir))
  for (const key of ['wallMs', 'userMs'] as const) {
    const of = (kind: keyof typeof kinds): number[] => costs[kind].map((c) => c[key])
    const ours = of('mintmark run')
    for (const peer of ['compiled code', 'bare esbuild hooks'] as const)
      report(`${name}, warm start, ${key}`, median(ours), peer, median(of(peer)), ratio(ours, of(peer)))
  }
}

function fillExample(dir: string): void {
  cpSync(path.join(REPOSITORY, 'examples/memoizing-flow/src'), path.join(dir, 'src'), { recursive: true })
}

function fillLarge(dir: string): void {
  mkdirSync(path.join(dir, 'src'))
  const body = (i: number): string =>
    Array.from(
      { length: 8 },
      (_, k) =>
        `export function f${k}(n: number): number {\n  const all = [n, ${i}, ${k}].map((x) => x * ${k + 1})\n  return all.reduce((a, b) => a + b, 0)\n}\n`,
    ).join('')
  for (let i = 0; i < 450; i++) {
    const next = i % 9 === 8 ? '' : `import { g as next } from './m${i + 1}.js'\n`
    writeFileSync(
      path.join(dir, `src/m${i}.ts`),
      `${next}${body(i)}export const g = (n: number): number => f1(n)${next === '' ? '' : ' + next(n)'}\n`,
    )
  }
  for (let i = 0; i < 49; i++)
    writeFileSync(
      path.join(dir, `src/s${i}.ts`),
      `import { memoize } from 'mintmark'\nimport { g } from './m${i * 9}.js'\nexport const s${i} = memoize(async (n: number): Promise<number> => g(n))\n`,
    )
  const imports = Array.from({ length: 49 }, (_, i) => `import { s${i} } from './s${i}.js'\n`).join('')
  const calls = Array.from({ length: 49 }, (_, i) => `s${i}`).join(', ')
  const flow = `class F extends FlowSpec {\n  n = 0\n  @step @memoize({ outputs: ['n'] }) async start() {\n    for (const s of [${calls}]) this.n += await s(1)\n    this.next(this.end)\n  }\n  @step end() {}\n}\nvoid main(F)\n`
  writeFileSync(path.join(dir, 'src/flow.ts'), `import { FlowSpec, main, memoize, step } from 'mintmark'\n${imports}${flow}`)
}

/** What both need: packages, a tsconfig, compiled code without stamps, hooks that do nothing but emit. */
function prepare(dir: string): void {
  mkdirSync(path.join(dir, 'node_modules'))
  symlinkSync(REPOSITORY, path.join(dir, 'node_modules/mintmark'), 'dir')
  for (const name of ['typescript', 'esbuild', '@types'])
    symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(dir, 'node_modules', name), 'dir')
  writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}')
  writeFileSync(path.join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS }))
  writeFileSync(path.join(dir, 'hooks.mjs'), "import { register } from 'node:module'\nregister('./loader.mjs', import.meta.url)\n")
  writeFileSync(
    path.join(dir, 'loader.mjs'),
    `import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
export const resolve = (s, c, next) => next(c.parentURL?.endsWith('.ts') && s.startsWith('./') ? s.replace(/\\.js$/, '.ts') : s, c)
export const load = (url, c, next) =>
  url.endsWith('.ts')
    ? { format: 'module', shortCircuit: true, source: transformSync(readFileSync(new URL(url), 'utf8'), { loader: 'ts', sourcemap: 'inline', target: 'node20' }).code }
    : next(url, c)
`,
  )
  mkdirSync(path.join(dir, 'dist'))
  for (const name of readdirSync(path.join(dir, 'src'))) {
    const { code } = transformSync(readFileSync(path.join(dir, 'src', name), 'utf8'), { loader: 'ts', target: 'node20' })
    writeFileSync(path.join(dir, 'dist', name.replace(/\.ts$/, '.js')), code)
  }
}
