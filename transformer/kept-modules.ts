// What a build has found out about a program, file by file, for the next one. After an edit all of it stands that is about modules from which
// none that was edited can be reached: whoever asks has seen to it that nothing else has changed, neither on disk nor in the options. Files that are
// new in the program rest on others; who rests on them was edited, or the disk tells that there is something now where nothing was.

import type { Diagnostic } from './diagnostics.js'
import type { Stamps } from './stamped.js'

/** All that rests on one module and on what can be reached from it; of a class that it is marked rests on whoever is given its instances, too. */
export interface KeptFile {
  /** Of the program. */
  readonly file: string
  /** Its module. */
  readonly path: string
  readonly stamps: Stamps
  /** There are steps in it, or functions that should have been some. */
  readonly holdsSteps: boolean
  /** Its steps, by the names that the manifest has for them. */
  readonly ids: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  /** The classes that the inputs of its steps are annotated with; nothing where nobody had to know. */
  readonly annotated?: readonly ClassPlace[]
}

/** A class by its module and the index of its declaration. */
export type ClassPlace = readonly [path: string, decl: number]

export interface KeptModules {
  readonly files: readonly KeptFile[]
  /** Digests of the texts that the compiler was asked for; empty where it had none. */
  readonly texts: readonly (readonly [path: string, text: string])[]
  /** Which modules each one has led to. */
  readonly reached: readonly (readonly [path: string, to: readonly string[]])[]
}

/** What stands of it. */
export interface Standing {
  readonly files: ReadonlyMap<string, KeptFile>
  /** Of all files there were. */
  readonly annotated: Annotated | undefined
  readonly paths: readonly string[]
  /** Of all modules but those that were edited. */
  readonly reached: KeptModules['reached']
}

/** Whose instances some step may be given: indexes of declarations by module. */
export type Annotated = ReadonlyMap<string, ReadonlySet<number>>

/** `textOf`: the same digests as of now. Nothing where nothing stands. */
export function standingOf({ files, texts, reached }: KeptModules, textOf: (path: string) => string): Standing | undefined {
  const modules = new Map(reached)
  const edited = new Set<string>()
  for (const [path, before] of texts) {
    const now = textOf(path)
    if (now === before) continue
    // Of a JSON file others may have read something else.
    if (now === '' || before === '' || !modules.has(path) || path.endsWith('.json')) return undefined
    edited.add(path)
  }
  const from = new Map<string, string[]>()
  for (const [path, to] of reached) {
    for (const each of to) {
      const others = from.get(each)
      if (others === undefined) from.set(each, [path])
      else others.push(path)
    }
  }
  const doubtful = new Set(edited)
  for (const each of doubtful) for (const other of from.get(each) ?? []) doubtful.add(other)
  return {
    files: new Map(files.flatMap((each) => (doubtful.has(each.path) ? [] : [[each.file, each]]))),
    annotated: files.some((f) => f.annotated !== undefined) ? annotatedBy(files.flatMap((f) => f.annotated ?? [])) : undefined,
    paths: texts.map(([path]) => path),
    reached: reached.filter(([path]) => !edited.has(path)),
  }
}

export function annotatedBy(places: readonly ClassPlace[]): Annotated {
  const found = new Map<string, Set<number>>()
  for (const [path, decl] of places) {
    const decls = found.get(path)
    if (decls === undefined) found.set(path, new Set([decl]))
    else decls.add(decl)
  }
  return found
}

export function isSameSet(a: ReadonlySet<number> = new Set(), b: ReadonlySet<number> = new Set()): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each))
}
