// Declarations whose code nobody has asked for yet. Most functions of a project are reached by no step: of such a one it is known that it is there,
// and its code is written when somebody asks for it.

import { MAKERS } from './made-requires.js'
import type { CompleteSummary, Declaration, Outline, Summary, Types } from './summary.js'

export function declarationAt({ declarations }: Summary, index: number): Declaration {
  const found = declarations[index]!
  return isOutline(found) ? fill(found) : found
}

export function isOutline(declaration: Declaration | Outline): declaration is Outline {
  return declaration.write !== undefined
}

/** In place: there are as many of them as there are functions in a project. */
function fill(outline: Outline): Declaration {
  const code = outline.write()
  return Object.assign(outline, code, { text: undefined, write: undefined })
}

export function typesOf(summary: Summary): Types | undefined {
  if (summary.readTypes === undefined) return summary.types
  const pending = summary as { types?: Types | undefined; readTypes?: Summary['readTypes'] }
  pending.types = summary.readTypes()
  pending.readTypes = undefined
  return summary.types
}

/** Every declaration with its code, and the types: plain data. */
export function complete(summary: Summary): CompleteSummary {
  typesOf(summary)
  for (let i = 0; i < summary.declarations.length; i++) declarationAt(summary, i)
  return summary as CompleteSummary
}

/** What a declaration is called in its module. */
export function namesOf({ bindings }: Summary, decl: number): string[] {
  return Object.entries(bindings).flatMap(([name, b]) => (b.kind === 'declaration' && b.decl === decl ? [name] : []))
}

/** False where the code cannot mention any of these names: its text does not say them. A backslash may spell one in another way. */
export function maySay(declaration: Declaration | Outline, names: readonly string[]): boolean {
  if (!isOutline(declaration)) return true
  const { text } = declaration
  return text === undefined || names.some((name) => text.includes(name)) || text.includes('\\')
}

/** The code mentions one of these names, or may do so where it is still to be written. */
export function mentionsAny(declaration: Declaration | Outline, names: readonly string[]): boolean {
  if (isOutline(declaration)) return maySay(declaration, names)
  return declaration.mentions.some(({ kind, name }) => kind === 'binding' && names.includes(name))
}

/** The declarations whose code may say one of these names. */
export function saying(summary: Summary, names: readonly string[]): Declaration[] {
  return summary.declarations.flatMap((d, i) => (maySay(d, names) ? [declarationAt(summary, i)] : []))
}

/** The declarations whose code may load a module or name a file. */
export function loadingIn(summary: Summary): Declaration[] {
  // What `createRequire` made has any name.
  const isMade = summary.imports.some(({ specifier }) => MAKERS.test(specifier))
  return summary.declarations.flatMap((d, i) => (isMade || maySay(d, ['import', 'require', 'URL']) ? [declarationAt(summary, i)] : []))
}
