// What a session says of a project, asked with and without the answers of those before it.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { type Host, openHost } from '../../transformer/host.js'
import type { TS } from '../../transformer/pen.js'
import type { Workbench } from './workbench.js'

/** What lies at a place: a text, a link, or nothing. */
export type Place = string | { readonly link: string } | undefined

/** A TypeScript that cannot do anything: whoever asks it fails. */
export const NO_TYPESCRIPT = { version: ts.version } as TS

export function put(bench: Workbench, name: string, place: Place): void {
  const file = path.join(bench.dir, name)
  rmSync(file, { recursive: true, force: true })
  if (place === undefined) return
  mkdirSync(path.dirname(file), { recursive: true })
  if (typeof place === 'string') writeFileSync(file, place)
  else symlinkSync(place.link, file)
}

/** All that a host says of these files. */
export function observe(host: Host, bench: Workbench, files: readonly string[]): unknown {
  const stamps = files.map((name) => {
    const stamped = host.stamp(path.join(bench.dir, name))
    return stamped && [name, stamped.code, stamped.files, stamped.folders, stamped.diagnostics]
  })
  return [...stamps, host.manifest()]
}

/** By a new session, which finds what those before it have kept, and keeps what it finds out. */
export function warm(bench: Workbench, files: readonly string[], parser: TS = ts): unknown {
  const host = openHost({ cwd: bench.dir, ts: parser })
  const seen = observe(host, bench, files)
  host.save()
  return seen
}

/** By a new session that finds nothing and keeps nothing. */
export function cold(bench: Workbench, files: readonly string[]): unknown {
  const cache = path.join(bench.dir, 'node_modules/.cache')
  const away = path.join(bench.dir, '.away')
  if (existsSync(cache)) renameSync(cache, away)
  try {
    return observe(openHost({ cwd: bench.dir, ts }), bench, files)
  } finally {
    if (existsSync(away)) renameSync(away, cache)
  }
}

/** The file that answers are kept in. */
export function answersFile(bench: Workbench): string {
  const folder = path.join(bench.dir, 'node_modules/.cache/mintmark')
  return path.join(folder, readdirSync(folder).find((name) => name.startsWith('answers-'))!)
}
