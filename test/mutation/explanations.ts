// Why some mutants may live: explained.json, and how it is held against what was found.

import { readFileSync } from 'node:fs'

export const SORTS = ['equivalent', 'only widens', 'only remembers', 'guard'] as const

export interface Explanation {
  readonly sort: (typeof SORTS)[number]
  readonly because: string
  /** Names of mutants. */
  readonly mutants: readonly string[]
}

/** By file of the engine. */
export type Explained = Readonly<Record<string, readonly Explanation[]>>

export function readExplained(file: string): Explained {
  const explained = JSON.parse(readFileSync(file, 'utf8')) as Explained
  for (const [of, list] of Object.entries(explained)) {
    for (const { sort, because, mutants } of list) {
      if (!SORTS.includes(sort)) throw new Error(`${of}: ${JSON.stringify(sort)} is none of ${SORTS.join(', ')}`)
      if (because === '' || mutants.length === 0) throw new Error(`${of}: an explanation without a reason or without mutants`)
    }
  }
  return explained
}

/** The explanation of each mutant of a file. */
export function reasonsOf(explained: Explained, file: string): Map<string, Explanation> {
  return new Map((explained[file] ?? []).flatMap((e) => e.mutants.map((name) => [name, e] as const)))
}
