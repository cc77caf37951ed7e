// The shape of a module of a project, and of where its imports lead.

import type { Digest } from '../runtime/contract.js'
import type { Options } from './options.js'
import type { Place } from './resolve.js'
import type { Glob, Summary } from './summary.js'

/** Where an import leads. */
export type Target =
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'asset'; readonly digest: Digest; readonly file: string; readonly query: string }
  | Exclude<Place, { kind: 'file' }>

export interface Module {
  /** Absolute, links resolved. */
  readonly path: string
  readonly summary: Summary
  /** The modules that its specifiers have led to, as far as anyone has asked. */
  readonly reached: ReadonlySet<Module>
  /** Where each import of the summary leads, found when first asked for. */
  target(index: number): Target
  resolve(specifier: string): Target
  /** Digests of the files that a pattern names, from the folder of the module. */
  include(pattern: string): readonly Digest[]
  /** Those files. */
  matching(pattern: string): readonly string[]
  /** The specifiers, from the module, of what `import.meta.glob` gives it; in code-unit order. */
  globbed(glob: Glob): readonly string[]
  /** What it was read with: itself, the tsconfigs that hold for it, the package.json around it. */
  readonly files: readonly string[]
  /** The project has asked that the declaration counts by its name only. */
  ignores(name: string): boolean
  readonly options: Options
  /** `sideEffects: false` in its package.json: a bundler drops the module when nothing of it is used. */
  readonly sideEffectFree: boolean
}
