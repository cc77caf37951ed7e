// File patterns (`*`, `**`, `?`, `{a,b}`), and the files that match one.

import path from 'node:path'
import type { Disk } from './disk.js'

/** A pattern without a slash names a file in any folder: https://webpack.js.org/guides/tree-shaking/ */
export function globToRegExp(pattern: string): RegExp {
  const full = pattern.includes('/') ? pattern.replace(/^\.?\//, '') : `**/${pattern}`
  const source = full
    .split(/(\{[^{}]*\})/)
    .map((part, i) => (i % 2 === 0 ? sourceOf(part) : `(?:${part.slice(1, -1).split(',').map(sourceOf).join('|')})`))
  return new RegExp(`^${source.join('')}$`)
}

function sourceOf(part: string): string {
  return part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (m) => (m === '**/' ? '(?:.*/)?' : m === '**' ? '.*' : m === '*' ? '[^/]*' : '[^/]'))
}

/** The folder that all files of a pattern lie in or below, as the pattern has it; the pattern itself where it names one file. */
export function fixedPart(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => /[*?{]/.test(part))
  return first < 0 ? pattern : parts.slice(0, first).join('/')
}

/** Files by a pattern from a folder. A folder that a pattern starts with is listed once; `node_modules` is never entered, links are followed. */
export function openGlob(disk: Disk): (pattern: string, from: string) => string[] {
  const folders = new Map<string, readonly string[]>()

  function matching(pattern: string, from: string): string[] {
    const fixed = fixedPart(pattern)
    const base = path.resolve(from, fixed)
    if (fixed === pattern) return disk.isFile(base) ? [base] : []
    const match = globToRegExp(`./${fixed === '' ? pattern : pattern.slice(fixed.length + 1)}`)
    return listed(base).filter((f) => match.test(path.relative(base, f).split(path.sep).join('/')))
  }

  function listed(base: string): readonly string[] {
    let found = folders.get(base)
    if (found === undefined) folders.set(base, (found = filesBelow(base, [])))
    return found
  }

  /** `around`: the folders that it was come through, so that a link to one of them ends there. */
  function filesBelow(dir: string, around: readonly string[]): readonly string[] {
    if (!disk.isFolder(dir) || around.includes(disk.realpath(dir))) return []
    const through = [...around, disk.realpath(dir)]
    const entries = disk.list(dir).filter(({ name }) => name !== 'node_modules')
    return entries.flatMap(({ name, kind }) => {
      const place = path.join(dir, name)
      return kind === 'file' || (kind === 'link' && disk.isFile(place)) ? [place] : filesBelow(place, through)
    })
  }

  return matching
}
