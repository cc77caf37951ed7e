// Which TypeScript parses: the one place where a host that is given none looks for it.
//
// TypeScript 7 is a native program; what it hands to JavaScript cannot be summarized from. So beside it stands `@typescript/typescript6`,
// which is TypeScript 6 under a name of its own. Fingerprints do not depend on which of them parses.

import { createRequire } from 'node:module'
import path from 'node:path'
import type { TS } from './pen.js'

/** In this order, first as the project sees them, then as Mintmark does. Aliases of other names are not guessed. */
const NAMES = ['typescript', '@typescript/typescript6']
const OLDEST = '5.4'

/** Throws MM5001 when none is installed that has a parser, with what is installed instead. */
export function loadTypeScript(root: string): TS {
  const unfit = new Set<string>()
  for (const from of [path.join(root, 'x.js'), import.meta.url]) {
    const require = createRequire(from)
    for (const name of NAMES) {
      const found = load(require, name)
      if (found?.version === undefined) continue
      if (typeof found.createSourceFile === 'function' && isFrom(OLDEST, found.version)) return found as TS
      unfit.add(`${name} ${found.version}`)
    }
  }
  throw new Error(
    `MM5001 ${unfit.size === 0 ? 'no TypeScript is' : `no TypeScript with a parser is`} installed${there(unfit)}. ${wayOut(unfit)}`,
  )
}

function load(require: NodeJS.Require, name: string): Partial<TS> | undefined {
  try {
    return require(name) as Partial<TS>
  } catch (error) {
    // Installed, and broken: to go on with another one would hide it.
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    return undefined
  }
}

function isFrom(oldest: string, version: string): boolean {
  const [[major, minor], [least, lesser]] = [version, oldest].map((v) => v.split('.').map(Number)) as [[number, number], [number, number]]
  return major > least || (major === least && minor >= lesser)
}

function there(unfit: ReadonlySet<string>): string {
  return unfit.size === 0 ? '' : `; there is ${[...unfit].join(', ')}`
}

function wayOut(unfit: ReadonlySet<string>): string {
  const isNative = [...unfit].some((found) => isFrom('7.0', found.split(' ')[1]!))
  return isNative ? 'Install a parser beside it: npm i -D @typescript/typescript6' : 'Install one: npm i -D typescript@5'
}
