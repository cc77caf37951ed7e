// Small projects that are edited at random, by everything that an answer may rest on: what a helper does, what it exports, who imports whom,
// files that come and go and take the place of others, a class that becomes some step's input, an asset, a package, the tsconfig.

import type { Tape } from './step-programs.js'

export const MODULES = 6

interface Part {
  /** What its helper does. */
  body: number
  /** Names that it exports besides. */
  more: number
  imports: number[]
  star: number | undefined
  /** Whose table it writes to when it is evaluated. */
  writes: number | undefined
  step: 'none' | 'function' | 'flow'
  /** Whose class the step is given. */
  takes: number | undefined
  place: 'file' | 'folder' | 'tsx' | 'none'
  comment: number
}

export interface EditedProject {
  /** One edit, at random; its name. */
  edit(): string
  files(): Record<string, string>
}

const BARREL = 'src/barrel.ts'

export function editedProject(tape: Tape): EditedProject {
  const parts = Array.from({ length: MODULES }, (_, i): Part => {
    const imports = tape.below(2) === 0 || i === 0 ? [] : [tape.below(i)]
    return { body: 1, more: 0, imports, star: undefined, writes: undefined, step: 'none', takes: undefined, place: 'file', comment: 0 }
  })
  parts[MODULES - 1]!.step = 'function'
  parts[MODULES - 1]!.imports = [0, 1, 2]
  const shared = { asset: 0, version: 0, ignored: false, legacy: false, barrel: [0], shadow: false }

  const any = (): Part => parts[tape.below(MODULES)]!
  const number = (): number => tape.below(MODULES)
  const toggled = (list: readonly number[], n: number): number[] => (list.includes(n) ? list.filter((x) => x !== n) : [...list, n])
  const maybe = (): number | undefined => (tape.below(3) === 0 ? undefined : number())

  const edits: Record<string, () => void> = {
    body: () => void any().body++,
    comment: () => void any().comment++,
    shape: () => void (any().more = tape.below(3)),
    import: () => {
      const part = any()
      part.imports = toggled(part.imports, number())
    },
    star: () => void (any().star = maybe()),
    writes: () => void (any().writes = maybe()),
    step: () => void (any().step = (['none', 'function', 'flow'] as const)[tape.below(3)]!),
    input: () => void (any().takes = maybe()),
    place: () => void (any().place = (['file', 'folder', 'tsx', 'none'] as const)[tape.below(4)]!),
    barrel: () => void (shared.barrel = toggled(shared.barrel, number())),
    shadow: () => void (shared.shadow = !shared.shadow),
    asset: () => void shared.asset++,
    package: () => void shared.version++,
    ignore: () => void (shared.ignored = !shared.ignored),
    options: () => void (shared.legacy = !shared.legacy),
  }
  // What people do all day comes most often.
  const names = [...Object.keys(edits), 'body', 'body', 'body', 'import', 'step', 'input']

  return {
    edit() {
      const name = names[tape.below(names.length)]!
      edits[name]!()
      return name
    },
    files() {
      const plugin = { transform: '', transformProgram: true, ...(shared.ignored && { ignore: ['src/m0.ts#help0'] }) }
      const compilerOptions = {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        noLib: true,
        types: [],
        rootDir: 'src',
        outDir: 'dist',
        useDefineForClassFields: !shared.legacy,
        jsx: 'react',
        plugins: [plugin],
      }
      const files: Record<string, string> = {
        'package.json': '{"type":"module"}',
        'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
        'node_modules/dep/package.json': `{"name":"dep","version":"1.0.${shared.version}","main":"index.js","types":"index.d.ts"}`,
        'node_modules/dep/index.d.ts': 'export declare const name: string\n',
        'src/prompts/a.txt': String(shared.asset),
        [BARREL]: shared.barrel.map((n) => `export { help${n} as bar${n} } from './m${n}.js'\n`).join(''),
      }
      parts.forEach((part, i) => {
        const place = { file: `src/m${i}.ts`, folder: `src/m${i}/index.ts`, tsx: `src/m${i}.tsx`, none: '' }[part.place]
        const up = part.place === 'folder' ? '../' : './'
        if (place !== '') files[place] = textOf(part, i, up)
      })
      // In front of `src/m1.tsx` and `src/m1/index.ts`.
      if (shared.shadow && files['src/m1.ts'] === undefined)
        files['src/m1.ts'] = "export const help1 = () => 'shadow'\nexport class C1 {}\n"
      return files
    },
  }
}

function textOf({ body, more, imports, star, writes, step, takes, comment }: Part, i: number, up: string): string {
  const used = imports.filter((n) => n !== i)
  const lines = [
    ...used.map((n) => `import { help${n} } from '${up}m${n}${n % 2 === 0 ? '.js' : ''}'`),
    ...(i === 3 ? [`import { bar0 } from '${up}barrel.js'`] : []),
    ...(i === 2 ? ["import { name } from 'dep'"] : []),
    // By its bytes, though it is code.
    ...(i === 0 ? [`import text from '${up}m4.ts?raw'`] : []),
    ...(writes === undefined || writes === i
      ? []
      : [`import { table${writes} } from '${up}m${writes}.js'`, `table${writes}.n${i} = () => ${body}`]),
    ...(star === undefined || star === i ? [] : [`export * from '${up}m${star}.js'`]),
    ...(takes === undefined || takes === i ? [] : [`import type { C${takes} } from '${up}m${takes}.js'`]),
    `export const table${i}: Record<string, unknown> = {}`,
    `export class C${i} { kept = ${body % 2}; ask() { return ${used.length > 0 ? `help${used[0]}()` : body} } }`,
    ...(i === 1 ? ['/** @mintmark include ./prompts/*.txt */'] : []),
    `export function help${i}(): unknown { return [${body}, table${i}, ${used.map((n) => `help${n}()`).join(', ')}${i === 3 ? ' bar0(),' : ''}${i === 2 ? ' name,' : ''}${i === 0 ? ' text,' : ''}] } // ${comment}`,
    ...Array.from({ length: more }, (_, n) => `export const more${n} = ${n}`),
  ]
  const parameter = takes === undefined ? 'x: number' : `x: C${takes}`
  if (step === 'function') lines.unshift("import { memoize } from 'mintmark'")
  if (step === 'function') lines.push(`export const step${i} = memoize(async (${parameter}) => [help${i}(), x])`)
  if (step === 'flow') lines.unshift("import { FlowSpec, memoize, step } from 'mintmark'")
  if (step === 'flow')
    lines.push(
      `export class Flow${i} extends FlowSpec {`,
      `  given!: ${takes === undefined ? 'number' : `C${takes}`}`,
      '  @step start() { this.next(this.work) }',
      `  @step @memoize({}) work() { this.given; help${i}(); this.next(this.end) }`,
      '  @step end() {}',
      '}',
    )
  return `${lines.join('\n')}\n`
}
