// Random small programs of several modules around one step, made of parts that use each other by many features of the language.
// All choices come from a tape of numbers, so that a shorter tape of smaller numbers is a smaller program.

import { type Desk, MAKERS, WRITES } from './step-parts.js'
import type { Files } from './steps.js'

export interface Tape {
  /** A number below `limit`; 0 when the tape is used up. */
  below(limit: number): number
}

export function openTape(numbers: readonly number[]): Tape {
  let at = 0
  return { below: (limit) => (numbers[at++] ?? 0) % limit }
}

/** A piece of one module. */
export interface Part {
  readonly module: string
  readonly text: string
  /** The step reaches it, as far as the generator knows. */
  reached: boolean
}

export interface Program {
  readonly files: Files
  readonly parts: readonly Part[]
}

interface Item {
  readonly name: string
  readonly module: string
  readonly parts: Part[]
  readonly needs: Set<Item>
  /** Expressions that use it, `@` standing for its name. */
  readonly uses: readonly string[]
  readonly isClass: boolean
}

const MODULES = ['flow.ts', 'a.ts', 'b.ts', 'deep/c.ts'] as const

export function writeProgram(tape: Tape): Program {
  const items: Item[] = []
  const texts = new Map<string, Part[]>(MODULES.map((m) => [m, []]))
  const imports = new Map<string, Map<string, string>>()
  let count = 0
  /** The module that is written to right now. */
  let home = ''

  const one = <T>(list: readonly T[]): T => list[tape.below(list.length)]!
  const lit = (): string => one(['1', '2', '3', "'s'", "'t'", '[1, 2]', 'true', '10', "'long text'"])
  const key = (): string => one(['x', 'y', 'm', 'run', 'value'])

  function importsOf(module: string): Map<string, string> {
    const lines = imports.get(module) ?? new Map<string, string>()
    imports.set(module, lines)
    return lines
  }

  /** What a module of this place may use without being part of a cycle. */
  function usableFrom(module: string): Item[] {
    const own = Math.max(MODULES.indexOf(module as 'a.ts'), module === 'flow.ts' ? 0 : 1)
    return items.filter((i) => MODULES.indexOf(i.module as 'a.ts') >= own)
  }

  function importLine(from: string, to: string): string {
    const up = from.includes('/') ? '../' : './'
    return `${up}${to.replace(/\.ts$/, '.js')}`
  }

  /** The expression that means the item in the module, by one of the styles of import. */
  function refer(item: Item, module: string): string {
    if (item.module === module) return item.name
    const lines = importsOf(module)
    const known = [...lines].find(([k]) => k.startsWith(`${item.name} `))
    if (known) return known[0].split(' ')[1]!
    const style = tape.below(5)
    // In a cycle of modules the order of imports can be felt, which does not count.
    const path = importLine(module, style === 3 && module === 'flow.ts' ? 'index.ts' : item.module)
    const local = style === 1 ? `${item.name}_` : style === 2 ? `ns_${item.module.replace(/\W/g, '_')}.${item.name}` : item.name
    const line =
      style === 2
        ? `import * as ns_${item.module.replace(/\W/g, '_')} from '${path}'`
        : style === 1
          ? `import { ${item.name} as ${local} } from '${path}'`
          : `import { ${item.name} } from '${path}'`
    lines.set(`${item.name} ${local}`, line)
    return local
  }

  function deskOf(item: Item, laters: ((i: Item) => void)[]): Desk {
    const desk: Desk = {
      n: item.name,
      lit,
      key,
      one,
      val() {
        const usable = usableFrom(home)
        if (usable.length === 0 || tape.below(3) === 0) return lit()
        return useOf(one(usable), home, item)
      },
      base() {
        const usable = usableFrom(home).filter((i) => i.isClass)
        if (usable.length === 0) return 'Object'
        const found = one(usable)
        item.needs.add(found)
        return refer(found, home)
      },
      write(suffix, k, value) {
        laters.push((i) => add(i, placeOf(i), (m) => one(WRITES)(`${refer(i, m)}${suffix}`, k, value(), count++)))
      },
      later(text, beside) {
        laters.push((i) =>
          add(i, beside ? i.module : placeOf(i), (m) => text(refer(i, m)).replaceAll(`boot${refer(i, m)}`, `boot${count++}`)),
        )
      },
    }
    return desk
  }

  /** A statement about the item, in a module that may not be its own. */
  function add(item: Item, module: string, write: (module: string) => string): void {
    home = module
    const part = { module, text: write(module), reached: false }
    item.parts.push(part)
    texts.get(module)!.push(part)
  }

  /** Beside the item, or in a module of its own, which a module before it imports for its effect, or for what a function uses, alone or among others. */
  function placeOf(item: Item): string {
    const before = MODULES.slice(0, MODULES.indexOf(item.module as 'a.ts'))
    if (before.length === 0 || tape.below(3) < 2) return item.module
    const name = `w${count++}`
    const module = `${name}.ts`
    texts.set(module, [{ module, text: `export const ${name} = 1`, reached: false }])
    const importer = one(before)
    const path = importLine(importer, module)
    const style = one(['effect', 'alone', 'others'])
    const usable = style === 'others' ? usableFrom(importer) : []
    const used = usable.length > 0 ? [one(usable)] : []
    const names = [...used.map((i) => `typeof ${refer(i, importer)}`), name]
    importsOf(importer).set(name, style === 'effect' ? `import '${path}'` : `import { ${name} } from '${path}'`)
    const idle = { module: importer, text: `export function idle${name}() { return [${names.join(', ')}] }`, reached: false }
    if (style !== 'effect') texts.get(importer)!.push(idle)
    return module
  }

  function useOf(item: Item, module: string, by: Item | undefined): string {
    by?.needs.add(item)
    const found = one(item.uses).replaceAll('@', refer(item, module))
    // What awaits stays out of plain functions.
    return by !== undefined && found.includes('await') ? `(typeof ${refer(item, module)})` : found
  }

  const size = 3 + tape.below(8)
  for (let i = 0; i < size; i++) {
    const module = one(['a.ts', 'b.ts', 'deep/c.ts', 'flow.ts'])
    const shell: Item = { name: `i${i}`, module, parts: [], needs: new Set(), uses: [], isClass: false }
    const laters: ((i: Item) => void)[] = []
    home = module
    const made = one(MAKERS)(deskOf(shell, laters))
    const item: Item = { ...shell, uses: made.uses, isClass: made.isClass ?? false }
    const [hoisted, text] = splitImports(made.text, module)
    for (const line of hoisted) importsOf(module).set(line, line)
    const part = {
      module,
      text: /^(?:abstract )?(?:const|let|class|function|enum|namespace)/.test(text) ? exported(text, item.name) : text,
      reached: false,
    }
    item.parts.push(part)
    texts.get(module)!.push(part)
    items.push(item)
    for (const later of laters) later(item)
  }

  const used = [...new Set(Array.from({ length: 1 + tape.below(4) }, () => one(items)))]
  const values = used.map((item) => useOf(item, 'flow.ts', undefined))
  const seen = new Set(used)
  for (const item of seen) for (const need of item.needs) seen.add(need)
  for (const item of seen) for (const part of item.parts) part.reached = true

  const members = tape.below(3) === 0 ? `helper() { return ${lit()} }` : ''
  const returned = `[${[...values, ...(members ? ['this.helper()'] : [])].join(', ')}]`
  const flow =
    tape.below(4) === 3 && !members
      ? `export const f = memoize(async (): Promise<any> => { return ${returned} })`
      : `export class F extends FlowSpec {\n${members}\n@step @memoize({}) async a(): Promise<any> { return ${returned} }\n@step b() { return ${lit()} }\n}`
  const step: Part = { module: 'flow.ts', text: flow, reached: true }
  texts.get('flow.ts')!.push(step)
  const files: Record<string, string> = {
    'data.json': `{ "p": 1, "q": 2 }`,
    'late.ts': `export const late = (): any => 1\nexport const unused = 2`,
    'index.ts': `export * from './a.js'\nexport * from './b.js'\nexport * from './deep/c.js'`,
  }
  for (const [module, parts] of texts) {
    const head = [...new Set(imports.get(module)?.values() ?? [])]
    if (module === 'flow.ts') head.unshift(`import { FlowSpec, step, memoize } from 'mintmark'`)
    files[module] = [...head, ...parts.map((p) => p.text)].join('\n') + '\n'
  }
  return { files, parts: [...texts.values()].flat() }
}

/** Imports first; `~/` is the root. */
function splitImports(text: string, module: string): [imports: string[], rest: string] {
  const rooted = text.replaceAll('~/', module.includes('/') ? '../' : './')
  const lines = rooted.split('\n')
  return [lines.filter((l) => l.startsWith('import ')), lines.filter((l) => !l.startsWith('import ')).join('\n')]
}

/** Exports every declaration of the item's own name. */
function exported(text: string, name: string): string {
  return text
    .split('\n')
    .map((line) =>
      new RegExp(`^(?:abstract )?(?:const|let|class|function\\*?|enum|namespace) (?:\\{ a: |\\[, )?${name}\\b`).test(line)
        ? `export ${line}`
        : line,
    )
    .join('\n')
}
