// What the esbuild plugin adds, on a project of 500 files with 50 steps: a whole process whose project has been built before, and a rebuild
// after one edit of a helper.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'
import { median, ratio, report } from './support/figures.js'
import { cost } from './support/processes.js'

const FILES = 500
const STEPS = 50
const ROUNDS = 9
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

/** Modules of some 40 lines, each using two before it; every tenth gives a function to `memoize`. */
function writeProject(dir: string): void {
  mkdirSync(path.join(dir, 'src'))
  mkdirSync(path.join(dir, 'node_modules'))
  symlinkSync(REPOSITORY, path.join(dir, 'node_modules/mintmark'))
  for (const name of ['esbuild', 'typescript'])
    symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(dir, 'node_modules', name))
  writeFileSync(path.join(dir, 'package.json'), '{"name":"bench","type":"module"}')
  writeFileSync(path.join(dir, 'tsconfig.json'), '{"compilerOptions":{"target":"es2022"}}')
  for (let i = 0; i < FILES; i++) {
    const used = [i - 1, i - 7].filter((n) => n >= 0 && Math.floor(n / 50) === Math.floor(i / 50))
    const isStep = i % (FILES / STEPS) === FILES / STEPS - 1
    const imports = used.map((n) => `import { f${n}, type T${n} } from './m${n}.js'\n`).join('')
    const calls = used.map((n) => `  total += f${n}({ id: ${n}, tags: [] }, step)\n`).join('')
    const helpers = Array.from(
      { length: 5 },
      (_, h) =>
        `function helper${h}(value: number, list: readonly number[] = []): number {\n  const found = list.filter((n) => n > value).map((n) => n * ${h + 1})\n  return found.length > 0 ? found.reduce((a, b) => a + b, ${i}) : value\n}\n`,
    )
    const step = isStep ? `export const step${i} = memoize(async (n: number) => f${i}({ id: n, tags: [] }))\n` : ''
    const head = `${isStep ? "import { memoize } from 'mintmark'\n" : ''}${imports}export interface T${i} { readonly id: number; readonly tags: readonly string[] }\n`
    const main = `export function f${i}(item: T${i}, step = 1): number {\n  let total = helper0(item.id) + helper${i % 5}(step, [1, 2, 3])\n${calls}  return total\n}\n`
    writeFileSync(path.join(dir, `src/m${i}.ts`), `${head}${helpers.join('')}${main}${step}`)
  }
  writeFileSync(path.join(dir, 'src/main.ts'), Array.from({ length: FILES }, (_, i) => `export * from './m${i}.js'\n`).join(''))
  const script = (plugins: string): string => `import { build } from 'esbuild'
${plugins === '' ? '' : "import { mintmark } from 'mintmark/esbuild'\n"}await build({ entryPoints: ['src/main.ts'], bundle: true, format: 'esm', external: ['mintmark'], outdir: 'dist', logLevel: 'error', plugins: [${plugins}] })
`
  writeFileSync(path.join(dir, 'plain.mjs'), script(''))
  writeFileSync(path.join(dir, 'stamped.mjs'), script('mintmark()'))
}

async function rebuilds(dir: string): Promise<{ plain: number[]; ours: number[] }> {
  const { context } = await import('esbuild')
  const { mintmark } = await import('../transformer/bundlers/esbuild.js')
  const options: BuildOptions = {
    absWorkingDir: dir,
    entryPoints: ['src/main.ts'],
    bundle: true,
    format: 'esm',
    external: ['mintmark'],
    outdir: 'dist',
  }
  const contexts = [await context(options), await context({ ...options, plugins: [mintmark()] })]
  const times: [number[], number[]] = [[], []]
  for (let round = -2; round < ROUNDS; round++) {
    writeFileSync(
      path.join(dir, 'src/m3.ts'),
      `export interface T3 {}\nexport const f3 = (item: T3, step = 1): number => step * ${round}\n`,
    )
    for (const [i, each] of contexts.entries()) {
      const began = performance.now()
      await each.rebuild()
      if (round >= 0) times[i as 0 | 1].push(performance.now() - began)
    }
  }
  for (const each of contexts) await each.dispose()
  return { plain: times[0], ours: times[1] }
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  try {
    writeProject(dir)
    const first = cost(['stamped.mjs'], dir).wallMs
    const [plain, ours]: [number[], number[]] = [[], []]
    for (let i = 0; i < ROUNDS; i++) {
      plain.push(cost(['plain.mjs'], dir).wallMs)
      ours.push(cost(['stamped.mjs'], dir).wallMs)
    }
    report('esbuild with the plugin, nothing known before, wallMs', first, 'plain esbuild', median(plain), first / median(plain))
    report('esbuild with the plugin, warm, wallMs', median(ours), 'plain esbuild', median(plain), ratio(ours, plain))
    const again = await rebuilds(dir)
    report('rebuild after an edit, wallMs', median(again.ours), 'plain esbuild', median(again.plain), ratio(again.ours, again.plain))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
