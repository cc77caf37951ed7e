// Who an npm package is: its name, its version, and the versions of what it resolves to in turn. Read from node_modules as it lies there
// (npm, pnpm and Yarn's node-modules layout alike), once per package folder.

import path from 'node:path'
import { digest } from '../runtime/contract.js'
import type { Disk } from './disk.js'

export interface Package {
  readonly name: string
  readonly version: string
  /** Real path of its folder. */
  readonly dir: string
  /** `name@version` and a digest of all that it resolves to. */
  readonly identity: string
  /** The package.json files that say so, its own first. */
  readonly files: readonly string[]
}

export interface Packages {
  /** The installed package that `name` means to a file in `from`, wherever its real folder is. */
  find(name: string, from: string): Package | undefined
}

interface PackageJson {
  readonly name?: string
  readonly version?: string
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

export function openPackages(disk: Disk): Packages {
  const folders = new Map<string, string | undefined>()
  const records = new Map<string, PackageJson>()
  const found = new Map<string, Package>()

  function folderOf(name: string, from: string): string | undefined {
    const key = `${from}\0${name}`
    if (folders.has(key)) return folders.get(key)
    const here = path.join(from, 'node_modules', name)
    const parent = path.dirname(from)
    const inside = path.basename(from) !== 'node_modules' && disk.exists(path.join(here, 'package.json'))
    const dir = inside ? disk.realpath(here) : parent === from ? undefined : folderOf(name, parent)
    folders.set(key, dir)
    return dir
  }

  function read(dir: string): PackageJson {
    let record = records.get(dir)
    if (record === undefined) {
      record = readJson<PackageJson>(disk, path.join(dir, 'package.json'))
      records.set(dir, record)
    }
    return record
  }

  /** Everything that the package resolves to, itself included, as `name@version`. */
  function reach(dir: string, seen: Map<string, string>): void {
    if (seen.has(dir)) return
    const record = read(dir)
    seen.set(dir, `${record.name}@${record.version}`)
    const names = { ...record.peerDependencies, ...record.optionalDependencies, ...record.dependencies }
    for (const name of Object.keys(names)) {
      const next = folderOf(name, dir)
      if (next !== undefined) reach(next, seen)
    }
  }

  return {
    find(name, from) {
      const dir = folderOf(name, from)
      if (dir === undefined) return undefined
      let result = found.get(dir)
      if (result === undefined) {
        const { version = '0.0.0' } = read(dir)
        const seen = new Map<string, string>()
        reach(dir, seen)
        const others = [...new Set(seen.values())].sort()
        const files = [...seen.keys()].map((each) => path.join(each, 'package.json'))
        result = { name, version, dir, identity: `${name}@${version} ${digest(others.join('\n'))}`, files }
        found.set(dir, result)
      }
      return result
    },
  }
}

/** An object, empty when the file holds none: a repository may keep a broken package.json for its own tests. */
export function readJson<T extends object>(disk: Disk, file: string): Partial<T> {
  try {
    const value: unknown = JSON.parse(disk.text(file).replace(/^\uFEFF/, ''))
    if (typeof value === 'object' && value !== null) return value as T
  } catch {}
  return {}
}

/** `@scope/name/sub` -> `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
