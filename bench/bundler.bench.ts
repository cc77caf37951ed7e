// What the esbuild plugin adds, on a project of 500 files with 50 steps: a whole process whose project has been built before, and a rebuild
// after one edit of a helper.

import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'
import { median, ratio, report } from './support/figures.js'
import { cost } from './support/processes.js'
import { type StepsProject, writeStepsProject } from './support/steps-project.js'

const ROUNDS = 9
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
/** Of esbuild without the plugin, and milliseconds. */
const LIMIT = { times: 1.5, more: 100 }

/** One module imports all others; a script for each build. */
function prepare({ dir, files }: StepsProject): void {
  for (const name of ['esbuild', 'typescript'])
    symlinkSync(path.join(REPOSITORY, 'node_modules', name), path.join(dir, 'node_modules', name), 'dir')
  writeFileSync(path.join(dir, 'tsconfig.json'), '{"compilerOptions":{"target":"es2022"},"include":["src"]}')
  writeFileSync(path.join(dir, 'src/main.ts'), files.map((f) => `export * from './${path.basename(f, '.ts')}.js'\n`).join(''))
  const script = (plugins: string): string => `import { build } from 'esbuild'
${plugins === '' ? '' : "import { mintmark } from 'mintmark/esbuild'\n"}await build({ entryPoints: ['src/main.ts'], bundle: true, format: 'esm', external: ['mintmark'], outdir: 'dist', logLevel: 'error', plugins: [${plugins}] })
`
  writeFileSync(path.join(dir, 'plain.mjs'), script(''))
  writeFileSync(path.join(dir, 'stamped.mjs'), script('mintmark()'))
}

async function rebuilds({ dir, helper }: StepsProject): Promise<{ plain: number[]; ours: number[] }> {
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
    writeFileSync(helper.file, helper.text(round + 10))
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
  const project = writeStepsProject()
  try {
    prepare(project)
    const { dir } = project
    const first = cost(['stamped.mjs'], dir).wallMs
    const [plain, ours]: [number[], number[]] = [[], []]
    for (let i = 0; i < ROUNDS; i++) {
      plain.push(cost(['plain.mjs'], dir).wallMs)
      ours.push(cost(['stamped.mjs'], dir).wallMs)
    }
    report('esbuild with the plugin, nothing known before, wallMs', first, 'plain esbuild', median(plain), first / median(plain))
    report('esbuild with the plugin, warm, wallMs', median(ours), 'plain esbuild', median(plain), ratio(ours, plain))
    const limit = median(plain) * LIMIT.times + LIMIT.more
    report('the same', median(ours), `limit, ${LIMIT.times} times plain and ${LIMIT.more}`, limit, median(ours) / limit)
    const again = await rebuilds(project)
    report('rebuild after an edit, wallMs', median(again.ours), 'plain esbuild', median(again.plain), ratio(again.ours, again.plain))
  } finally {
    project.remove()
  }
}
