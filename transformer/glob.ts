// File patterns (`*`, `**`, `?`), and the files that match one.

import path from 'node:path'
import type { Disk } from './disk.js'

/** A pattern without a slash names a file in any folder: https://webpack.js.org/guides/tree-shaking/ */
export function globToRegExp(pattern: string): RegExp {
  const full = pattern.includes('/') ? pattern.replace(/^\.?\//, '') : `**/${pattern}`
  const source = full
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (m) => (m === '**/' ? '(?:.*/)?' : m === '**' ? '.*' : m === '*' ? '[^/]*' : '[^/]'))
  return new RegExp(`^${source}$`)
}

/** Files by a pattern from a folder. A folder that a pattern starts with is listed once; `node_modules` is never entered. */
export function openGlob(disk: Disk): (pattern: string, from: string) => string[] {
  const folders = new Map<string, readonly string[]>()

  function matching(pattern: string, from: string): string[] {
    const fixed = pattern.split('/').findIndex((part) => /[*?]/.test(part))
    const plain = path.resolve(from, pattern)
    if (fixed < 0) return disk.isFile(plain) ? [plain] : []
    const base = path.resolve(from, pattern.split('/').slice(0, fixed).join('/'))
    const match = globToRegExp(`./${pattern.split('/').slice(fixed).join('/')}`)
    return filesBelow(base).filter((f) => match.test(path.relative(base, f).split(path.sep).join('/')))
  }

  function filesBelow(dir: string): readonly string[] {
    let found = folders.get(dir)
    if (found === undefined) {
      const entries = disk.list(dir).filter(({ name }) => name !== 'node_modules')
      found = entries.flatMap(({ name, kind }) =>
        kind === 'folder' ? filesBelow(path.join(dir, name)) : kind === 'file' ? [path.join(dir, name)] : [],
      )
      folders.set(dir, found)
    }
    return found
  }

  return matching
}
