// Which TypeScript parses: the one place where a host that is given none looks for it.
//
// TypeScript 7 is a native program; what it hands to JavaScript cannot be summarized from. So beside it stands `@typescript/typescript6`,
// which is TypeScript 6 under a name of its own. Fingerprints do not depend on which of them parses.

import { createRequire } from 'node:module'
import path from 'node:path'
import type { TS } from './pen.js'

/** In this order, first as the project sees them, then as Mintmark does. Aliases of other names are not guessed. */
const NAMES = ['typescript', '@typescript/typescript6']
const FITTING = { from: [5, 4], below: [7, 0] } as const

export interface Parser {
  readonly version: string
  /** Takes its time: a fifth of a second. */
  load(): TS
}

/** Throws MM5001 when none is installed that has a parser, with what is installed instead. */
export function findTypeScript(root: string): Parser {
  const unfit = new Set<string>()
  for (const from of [path.join(root, 'x.js'), import.meta.url]) {
    const require = createRequire(from)
    for (const name of NAMES) {
      const version = versionOf(require, name)
      if (version === undefined) continue
      if (isFrom(FITTING.from, version) && !isFrom(FITTING.below, version)) return { version, load: () => require(name) as TS }
      unfit.add(`${name} ${version}`)
    }
  }
  const what =
    unfit.size === 0 ? 'no TypeScript is installed' : `no TypeScript with a parser is installed; there is ${[...unfit].join(', ')}`
  throw new Error(`MM5001 ${what}. ${wayOut(unfit)}`)
}

/** The parser itself. Errors: MM5001. */
export function loadTypeScript(root: string): TS {
  return findTypeScript(root).load()
}

const OFTEN = /^(?:is[A-Z]|(?:SyntaxKind|NodeFlags|forEachChild|canHave\w+|getDecorators|tokenToString)$)/

/**
 * Each of its names is a getter there, and they are too many for an object whose properties have fixed places: those that are asked for at every
 * node are plain properties of a small object in front of it, where they are read in a fraction of the time.
 */
export function atHand(ts: TS): TS {
  const names = Object.keys(ts).filter((name) => OFTEN.test(name)) as (keyof TS)[]
  return Object.setPrototypeOf(Object.fromEntries(names.map((name) => [name, ts[name]])), ts) as TS
}

function versionOf(require: NodeJS.Require, name: string): string | undefined {
  try {
    return (require(`${name}/package.json`) as { version?: string }).version
  } catch {
    return undefined
  }
}

function isFrom([least, lesser]: readonly [number, number], version: string): boolean {
  const [major, minor] = version.split('.').map(Number) as [number, number]
  return major > least || (major === least && minor >= lesser)
}

function wayOut(unfit: ReadonlySet<string>): string {
  const isNative = [...unfit].some((found) => isFrom(FITTING.below, found.split(' ')[1]!))
  return isNative ? 'Install a parser beside it: npm i -D @typescript/typescript6' : 'Install one: npm i -D typescript@5'
}
