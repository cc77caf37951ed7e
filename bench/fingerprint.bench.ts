// The fingerprints of a repository of 2,000 files, cold, against `tsc --noCheck --noEmit` on the same files. Whole processes; user CPU and
// peak memory from the operating system's own accounting (`process.resourceUsage` of a child that does nothing else).

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, ratio, report } from './support/figures.js'
import { type Cost, cost } from './support/processes.js'

const FILES = 2000
const ROUNDS = 5
const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const TSC = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')

/** 2,000 modules of some 60 lines, each using three before it. */
function writeRepository(dir: string): string[] {
  mkdirSync(path.join(dir, 'src'))
  writeFileSync(path.join(dir, 'package.json'), '{"name":"bench","type":"module","sideEffects":false}')
  writeFileSync(
    path.join(dir, 'tsconfig.json'),
    '{"compilerOptions":{"target":"es2022","module":"esnext","moduleResolution":"bundler","skipLibCheck":true,"types":[]},"include":["src"]}',
  )
  return Array.from({ length: FILES }, (_, i) => {
    const used = [i - 1, i - 7, i - 31].filter((n) => n >= 0 && Math.floor(n / 50) === Math.floor(i / 50))
    const imports = used.map((n) => `import { f${n}, type T${n} } from './m${n}.js'`).join('\n')
    const calls = used.map((n) => `  total += f${n}({ id: ${n}, tags: [] }, step)`).join('\n')
    const helpers = Array.from(
      { length: 6 },
      (_, h) =>
        `function helper${h}(value: number, list: readonly number[] = []): number {\n  const found = list.filter((n) => n > value).map((n) => n * ${h + 1})\n  return found.length > 0 ? found.reduce((a, b) => a + b, ${i}) : value\n}\n`,
    )
    const text = `${imports}\nexport interface T${i} { readonly id: number; readonly tags: readonly string[] }\n${helpers.join('')}export function f${i}(item: T${i}, step = 1): number {\n  let total = helper0(item.id) + helper${i % 6}(step, [1, 2, 3])\n${calls}\n  return total\n}\n`
    writeFileSync(path.join(dir, `src/m${i}.ts`), text)
    return `src/m${i}.ts`
  })
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  try {
    const files = writeRepository(dir)
    const ours: Cost[] = []
    const floor: Cost[] = []
    for (let i = 0; i < ROUNDS; i++) {
      ours.push(cost([MAIN, 'fingerprint', '--json', '-'], dir, files.join('\n')))
      floor.push(cost([TSC, '--noCheck', '--noEmit', '-p', '.'], dir))
    }
    for (const key of ['userMs', 'wallMs', 'peakMb'] as const) {
      const [a, b] = [ours.map((c) => c[key]), floor.map((c) => c[key])]
      report(`fingerprint of ${FILES} files, ${key}`, median(a), 'tsc --noCheck --noEmit', median(b), ratio(a, b))
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
