// What the configuration of a bundler puts in place of the code as it is written: constants for names, other modules for specifiers, and the
// JSX options of whoever has none in a tsconfig. What runs is what was put there, so the fingerprint speaks for that.

import path from 'node:path'
import type ts from 'typescript'
import { digest } from '../runtime/contract.js'

export interface Replacements {
  /** The code that stands for a global name, or for members of one: `FLAG`, `process.env.MODE`, `import.meta.env`. */
  readonly defines: Readonly<Record<string, string>>
  /** In the order in which they are tried. */
  readonly aliases: readonly Alias[]
  /** For files whose tsconfig says nothing of `jsx`. */
  readonly jsx?: Pick<ts.CompilerOptions, 'jsxFactory' | 'jsxFragmentFactory' | 'jsxImportSource'> & { readonly isAutomatic: boolean }
}

export interface Alias {
  /** The specifier, or what it starts with before a slash. */
  readonly find: string | RegExp
  /** A package, or an absolute path. */
  readonly to: string
  /** Nothing may follow. */
  readonly isExact?: boolean
}

export const NO_REPLACEMENTS: Replacements = { defines: {}, aliases: [] }

/** What stands for `chain` or for the beginning of it, the longest there is: its name and the code. */
export function definedFor({ defines }: Replacements, chain: string): string | undefined {
  for (let name = chain; ; name = name.slice(0, name.lastIndexOf('.'))) {
    if (Object.hasOwn(defines, name)) return `${name} ${defines[name]}`
    if (!name.includes('.')) return undefined
  }
}

export function aliased({ aliases }: Replacements, specifier: string): string {
  for (const { find, to, isExact } of aliases) {
    if (typeof find !== 'string') {
      if (find.test(specifier)) return specifier.replace(find, to)
    } else if (specifier === find || (!isExact && specifier.startsWith(`${find}/`))) return to + specifier.slice(find.length)
  }
  return specifier
}

/** Who keeps answers from process to process keeps those of other replacements apart. */
export function replacementsId(replacements: Replacements): string {
  const { defines, aliases } = replacements
  if (Object.keys(defines).length + aliases.length === 0 && replacements.jsx === undefined) return ''
  const sorted = Object.entries(defines).sort(([a], [b]) => (a < b ? -1 : 1))
  return digest(JSON.stringify([sorted, aliases.map(({ find, to, isExact }) => [String(find), to, isExact]), replacements.jsx]))
}

type PackAlias = string | false | readonly (string | false)[]

/**
 * `resolve.alias` of webpack and its heirs, where `x$` is `x` and nothing below it: https://webpack.js.org/configuration/resolve/#resolvealias
 * Of several places the first counts; what is left out (`false`) is not followed anyway.
 */
export function packAliases(
  given:
    | Readonly<Record<string, PackAlias>>
    | readonly { readonly name: string; readonly alias: PackAlias; readonly onlyModule?: boolean }[]
    | false
    | undefined,
  from: string,
): Alias[] {
  const list = Array.isArray(given) ? given : Object.entries(given || {}).map(([name, alias]) => ({ name, alias, onlyModule: false }))
  return list.flatMap(({ name, alias, onlyModule }): Alias[] => {
    const [to] = [alias].flat()
    if (typeof to !== 'string') return []
    const isExact = onlyModule || name.endsWith('$')
    return [{ find: name.replace(/\$$/, ''), to: to.startsWith('.') ? path.resolve(from, to) : to, isExact }]
  })
}
