// A project as users have it, made up: 500 modules, 50 of which hold a flow with a memoized step or a memoized function.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

export const FILES = 500
export const STEPS = 50

export interface StepsProject {
  readonly dir: string
  /** Source files, from `dir`; those with steps are among them. */
  readonly files: readonly string[]
  /** A helper that several steps reach, and the text in it to edit. */
  readonly helper: { readonly file: string; readonly text: (factor: number) => string }
  /** Writes `tsconfig.<name>.json` whose output goes to `dist-<name>`, with these plugins. */
  configure(name: string, plugins: readonly object[]): string
  remove(): void
}

const helpers = (i: number, factor: number): string =>
  Array.from(
    { length: 6 },
    (_, h) =>
      `function helper${h}(value: number, list: readonly number[] = []): number {\n  const found = list.filter((n) => n > value).map((n) => n * ${h + factor})\n  return found.length > 0 ? found.reduce((a, b) => a + b, ${i}) : value\n}\n`,
  ).join('')

function moduleText(i: number, factor = 1): string {
  const used = [i - 1, i - 7, i - 31].filter((n) => n >= 0 && Math.floor(n / 50) === Math.floor(i / 50) && n % 10 !== 9)
  const imports = used.map((n) => `import { f${n}, type T${n} } from './m${n}.js'\n`).join('')
  const calls = used.map((n) => `  total += f${n}({ id: ${n}, tags: [] } satisfies T${n}, step)\n`).join('')
  const body = `export interface T${i} { readonly id: number; readonly tags: readonly string[] }\n${helpers(i, factor)}export function f${i}(item: T${i}, step = 1): number {\n  let total = helper0(item.id) + helper${i % 6}(step, [1, 2, 3])\n${calls}  return total\n}\n`
  if (i % 10 !== 9) return `${imports}${body}`
  if (i % 20 === 9) {
    const step = `memoize(async (n: number) => f${i}({ id: n, tags: [] }, n))`
    return `import { memoize } from 'mintmark'\n${imports}${body}export const step${i} = ${step}\n`
  }
  const members = `  n = ${i}\n  out = 0\n  @step start(): void { this.next(this.work) }\n  @step @memoize({}) work(): void { this.out = f${i}({ id: this.n, tags: [] }); this.next(this.end) }\n  @step end(): void {}\n`
  return `import { FlowSpec, memoize, step } from 'mintmark'\n${imports}${body}export class Flow${i} extends FlowSpec {\n${members}}\n`
}

export function writeStepsProject(): StepsProject {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  mkdirSync(path.join(dir, 'src'))
  mkdirSync(path.join(dir, 'node_modules'))
  symlinkSync(REPOSITORY, path.join(dir, 'node_modules/mintmark'), 'dir')
  writeFileSync(path.join(dir, 'package.json'), '{"name":"bench","type":"module"}')
  const files = Array.from({ length: FILES }, (_, i) => `src/m${i}.ts`)
  files.forEach((file, i) => {
    writeFileSync(path.join(dir, file), moduleText(i))
  })
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    skipLibCheck: true,
    sourceMap: true,
    types: [],
    rootDir: 'src',
  }
  return {
    dir,
    files,
    helper: { file: path.join(dir, 'src/m100.ts'), text: (factor) => moduleText(100, factor) },
    configure(name, plugins) {
      const file = `tsconfig.${name}.json`
      const own = { compilerOptions: { ...compilerOptions, outDir: `dist-${name}`, plugins }, include: ['src'] }
      writeFileSync(path.join(dir, file), JSON.stringify(own))
      return file
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
