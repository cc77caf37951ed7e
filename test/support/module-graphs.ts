// Small random projects with a model of what each export reaches, and random edits of them. The model is told in sets, without any
// of the words of the transformer: an export's fingerprint should change exactly when its `reach` does.

import fc from 'fast-check'

type Kind = 'function' | 'arrow' | 'class' | 'object' | 'let'
type Style = 'named' | 'alias' | 'namespace' | 'barrel' | 'whole'

/** A mention of a declaration, or of the namespace of its whole module. */
interface Ref {
  readonly to: number
  readonly style: Style
}

interface Declaration {
  readonly name: string
  readonly module: number
  readonly kind: Kind
  readonly value: number
  readonly refs: readonly Ref[]
}

/** A top-level statement that can be felt. */
interface Statement {
  readonly value: number
  readonly refs: readonly Ref[]
}

export interface Model {
  readonly declarations: readonly Declaration[]
  readonly statements: readonly (Statement | undefined)[]
  /** Modules whose declarations are written last to first. */
  readonly reversed: readonly boolean[]
}

const MODULES = 3
const DECLARATIONS = 7

const ref = fc.record({ to: fc.nat(DECLARATIONS - 1), style: fc.constantFrom<Style>('named', 'alias', 'namespace', 'barrel', 'whole') })
const refs = fc.array(ref, { maxLength: 2 })
const declaration = fc.record({
  module: fc.nat(MODULES - 1),
  kind: fc.constantFrom<Kind>('function', 'arrow', 'class', 'object', 'let'),
  refs,
})

export const model: fc.Arbitrary<Model> = fc
  .record({
    declarations: fc.array(declaration, { minLength: DECLARATIONS, maxLength: DECLARATIONS }),
    statements: fc.array(fc.option(refs, { nil: undefined }), { minLength: MODULES, maxLength: MODULES }),
  })
  .map(({ declarations, statements }) => ({
    declarations: declarations.map((d, i) => ({ ...d, name: `d${i}`, value: 10 + i })),
    statements: statements.map((r, m) => r && { value: 100 + m, refs: r }),
    reversed: statements.map(() => false),
  }))

export type Edit = (model: Model) => Model

const at = fc.nat(DECLARATIONS - 1)
const change = (i: number, to: (d: Declaration) => Partial<Declaration>): Edit => {
  return (m) => ({ ...m, declarations: m.declarations.map((d, j) => (i === j ? { ...d, ...to(d) } : d)) })
}
const changeStatement = (i: number, to: (s: Statement | undefined) => Statement | undefined): Edit => {
  return (m) => ({ ...m, statements: m.statements.map((s, j) => (i === j ? to(s) : s)) })
}

export const edit: fc.Arbitrary<readonly [name: string, edit: Edit]> = fc.oneof(
  at.map((i) => [`another value in d${i}`, change(i, (d) => ({ value: d.value + 50 }))] as const),
  fc.tuple(at, refs).map(([i, r]) => [`other mentions in d${i}`, change(i, () => ({ refs: r }))] as const),
  fc
    .tuple(at, ref)
    .map(
      ([i, { style }]) =>
        [`mentions of d${i} written as ${style}`, change(i, (d) => ({ refs: d.refs.map((r) => ({ ...r, style })) }))] as const,
    ),
  fc.tuple(at, fc.nat(MODULES - 1)).map(([i, module]) => [`d${i} moved to m${module}`, change(i, () => ({ module }))] as const),
  at.map((i) => [`d${i} renamed`, change(i, () => ({ name: `e${i}` }))] as const),
  fc.tuple(at, declaration).map(([i, { kind }]) => [`d${i} made a ${kind}`, change(i, () => ({ kind }))] as const),
  fc
    .nat(MODULES - 1)
    .map((i) => [`another value in the statement of m${i}`, changeStatement(i, (s) => s && { ...s, value: s.value + 50 })] as const),
  fc
    .tuple(fc.nat(MODULES - 1), refs)
    .map(([i, r]) => [`another statement in m${i}`, changeStatement(i, () => ({ value: 100 + i, refs: r }))] as const),
  fc.nat(MODULES - 1).map((i) => [`no statement in m${i}`, changeStatement(i, () => undefined)] as const),
  fc
    .nat(MODULES - 1)
    .map(
      (i) =>
        [
          `declarations of m${i} the other way round`,
          (m: Model) => ({ ...m, reversed: m.reversed.map((r, j) => (i === j ? !r : r)) }),
        ] as const,
    ),
)

/** Mentions without repetition, as the code that stands for each. */
function written(m: Model, from: number, list: readonly Ref[]): Map<string, Ref> {
  const found = new Map<string, Ref>()
  for (const r of list) {
    const { module, name } = m.declarations[r.to]!
    const known = r.style === 'whole' ? `n${module}` : module === from ? name : codeOf(r.style, module, name)
    const same = [...found].find(([, f]) => f.to === r.to && f.style !== 'whole' && r.style !== 'whole')
    if (same === undefined) found.set(known, r)
  }
  return found
}

function codeOf(style: Style, module: number, name: string): string {
  return style === 'named' ? name : style === 'alias' ? `x_${name}` : style === 'namespace' ? `n${module}.${name}` : `b_${name}`
}

export function render(m: Model): Record<string, string> {
  const modules = m.statements.map((statement, module) => {
    const imports = new Set<string>()
    const list = (value: number, refs: readonly Ref[]): string => {
      const mentions = written(m, module, refs)
      for (const [code, r] of mentions) {
        const { module: from, name } = m.declarations[r.to]!
        if (code.startsWith('n')) imports.add(`import * as n${from} from './m${from}.js'`)
        else if (code.startsWith('b_')) imports.add(`import { ${name} as ${code} } from './index.js'`)
        else if (from !== module) imports.add(`import { ${name}${code === name ? '' : ` as ${code}`} } from './m${from}.js'`)
      }
      return `[${[value, ...mentions.keys()].join(', ')}]`
    }
    const own = m.declarations.filter((d) => d.module === module).map((d) => declare(d, list(d.value, d.refs)))
    if (m.reversed[module]) own.reverse()
    const run = statement ? [`globalThis.log(${list(statement.value, statement.refs)})`] : []
    return [...imports, ...own, ...run, 'export {}'].join('\n')
  })
  const files = Object.fromEntries(modules.map((text, i) => [`m${i}.ts`, text]))
  return { ...files, 'index.ts': modules.map((_, i) => `export * from './m${i}.js'`).join('\n') }
}

function declare({ kind, name }: Declaration, list: string): string {
  switch (kind) {
    case 'function':
      return `export function ${name}() { return ${list} }`
    case 'arrow':
      return `export const ${name} = () => ${list}`
    case 'class':
      return `export class ${name} { m() { return ${list} } }`
    case 'object':
      return `export const ${name} = { m: () => ${list} }`
    case 'let':
      return `export let ${name} = 0\nexport function w_${name}() { ${name} = ${list} }`
  }
}

/** Place of each export, by a name that no edit changes: `3`, or `w3` for what assigns the third declaration. */
export function exportsOf(m: Model): Map<string, string> {
  const found = new Map<string, string>()
  m.declarations.forEach(({ module, name, kind }, i) => {
    found.set(`${i}`, `m${module}.ts#${name}`)
    if (kind === 'let') found.set(`w${i}`, `m${module}.ts#w_${name}`)
  })
  return found
}

/** Everything that an export reaches, as text: what each reached thing is, and what it leads to. */
export function reach(m: Model, root: string): string {
  const items = new Map<string, string>()
  const queue = [root]
  const evaluated = new Set<number>()
  const targets = (from: number, refs: readonly Ref[]): string[] =>
    [...written(m, from, refs).values()].map((r) => (r.style === 'whole' ? `n${m.declarations[r.to]!.module}` : `${r.to}`))
  const item = (key: string, content: string, to: readonly string[]): void => {
    items.set(key, `${content} -> ${to}`)
    queue.push(...to)
  }
  const evaluate = (module: number): void => {
    if (evaluated.has(module)) return
    evaluated.add(module)
    const statement = m.statements[module]
    if (statement) item(`s${statement.value}`, 'statement', targets(module, statement.refs))
    for (const next of importsOf(m, module)) evaluate(next)
  }
  for (const key of queue) {
    if (items.has(key)) continue
    const n = Number(key.replace(/^\D/, ''))
    if (key.startsWith('n')) {
      const names = [...exportsOf(m)]
        .filter(([, place]) => place.startsWith(`m${n}.ts#`))
        .map(([k, place]) => [place.split('#')[1]!, k] as const)
      item(
        key,
        names
          .map(([name]) => name)
          .sort()
          .join(),
        names.map(([, k]) => k).sort(),
      )
      evaluate(n)
    } else if (!key.startsWith('s')) {
      const { kind, value, refs, module } = m.declarations[n]!
      if (kind === 'let' && !key.startsWith('w')) item(key, 'let', [`w${n}`])
      else item(key, `${kind} ${value}`, [...(kind === 'let' ? [`${n}`] : []), ...targets(module, refs)])
      evaluate(module)
    }
  }
  const named = [...items].map(([key, text]) => (key.startsWith('n') ? text : `${key}: ${text}`))
  return named.sort().join('\n')
}

function importsOf(m: Model, module: number): number[] {
  const lists = [...m.declarations.filter((d) => d.module === module).map((d) => d.refs), m.statements[module]?.refs ?? []]
  return lists.flatMap((list) =>
    [...written(m, module, list)].flatMap(([code, r]) =>
      code.startsWith('b_') ? m.statements.map((_, i) => i) : [m.declarations[r.to]!.module],
    ),
  )
}
