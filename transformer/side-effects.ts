// What the package.json around a module says of its side effects: whether a bundler drops it when nothing of it is used.

import path from 'node:path'
import type { Disk } from './disk.js'
import { globToRegExp } from './glob.js'
import { readJson } from './packages.js'

interface Declared {
  readonly dir: string
  readonly sideEffects: unknown
}

export interface SideEffects {
  readonly isFree: boolean
  /** The package.json that says so, or that says nothing of it. */
  readonly files: readonly string[]
}

export function openSideEffects(disk: Disk): (file: string) => SideEffects {
  const declared = new Map<string, Declared | undefined>()

  function around(dir: string): Declared | undefined {
    if (!declared.has(dir)) {
      const file = path.join(dir, 'package.json')
      const parent = path.dirname(dir)
      const own = disk.isFile(file) ? { dir, sideEffects: readJson<{ sideEffects?: unknown }>(disk, file).sideEffects } : undefined
      declared.set(dir, own ?? (parent === dir ? undefined : around(parent)))
    }
    return declared.get(dir)
  }

  return (file) => {
    const found = around(path.dirname(file))
    return found === undefined
      ? { isFree: false, files: [] }
      : { isFree: isFree(file, found), files: [path.join(found.dir, 'package.json')] }
  }
}

function isFree(file: string, { dir, sideEffects }: Declared): boolean {
  if (!Array.isArray(sideEffects)) return sideEffects === false
  const relative = path.relative(dir, file).split(path.sep).join('/')
  return !sideEffects.some((pattern) => typeof pattern === 'string' && globToRegExp(pattern).test(relative))
}
