// Relations between fingerprints: write files, open them as a project, and say which exports are the same, differ, or changed.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as assert from 'uvu/assert'
import { fingerprintExports } from '../../transformer/fingerprint.js'
import { link } from '../../transformer/link.js'
import { openProject } from '../../transformer/project.js'

export type TS = typeof import('typescript')

/** Path -> text, below one folder. A single text is `a.ts`. */
export type Files = string | Readonly<Record<string, string>>

/** `file#export`; without a file, an export of `a.ts`. */
export type At = string

export interface Options {
  /** The TypeScript that parses; the one that Mintmark is built with by default. */
  readonly ts?: TS
  /** `compilerOptions` of a tsconfig.json at the root. */
  readonly options?: object
}

/** `typescript`, or one of the other versions that are installed under an alias. */
export function typescript(alias = 'typescript'): TS {
  return createRequire(import.meta.url)(alias) as TS
}

/** Writes the files to a fresh folder, runs `use` there, and removes the folder. */
export function inFolder<T>(files: Files, use: (root: string) => T, { options = {} }: Options = {}): T {
  const root = mkdtempSync(path.join(tmpdir(), 'mintmark-fingerprint-'))
  const defaults = { 'package.json': '{"private": true}', 'tsconfig.json': JSON.stringify({ compilerOptions: options }) }
  try {
    for (const [file, text] of Object.entries({ ...defaults, ...(typeof files === 'string' ? { 'a.ts': files } : files) })) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    }
    return use(root)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The fingerprint of every export of every source file, as `file#export`. */
export function fingerprints(files: Files, options: Options = {}): Record<At, string> {
  const names = typeof files === 'string' ? ['a.ts'] : Object.keys(files)
  const sources = names.filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !file.includes('node_modules/') && !file.endsWith('.d.ts'))
  const read = (root: string): Record<At, string> => {
    const graph = link(openProject({ ts: options.ts ?? typescript(), root }))
    const found: Record<At, string> = {}
    for (const file of sources)
      for (const [name, fingerprint] of fingerprintExports(graph, graph.project.module(path.join(root, file))!))
        found[`${file}#${name}`] = fingerprint
    return found
  }
  return inFolder(files, read, options)
}

export function fingerprint(files: Files, at: At = 'f', options?: Options): string {
  const all = fingerprints(files, options)
  const found = all[at.includes('#') ? at : `a.ts#${at}`]
  assert.ok(found, `${at} is no export of ${show(files)}; there are: ${Object.keys(all).join(', ')}`)
  return found!
}

/** `at` is the export of both, or of the first and of the second. */
export function same(a: Files, b: Files, at: At | readonly [At, At] = 'f', options?: Options): void {
  const [first, second] = typeof at === 'string' ? [at, at] : at
  if (fingerprint(a, first, options) === fingerprint(b, second, options)) return
  assert.unreachable(`the fingerprint changed\n${show(a)}\n--- and\n${show(b)}`)
}

export function differs(a: Files, b: Files, at: At | readonly [At, At] = 'f', options?: Options): void {
  const [first, second] = typeof at === 'string' ? [at, at] : at
  if (fingerprint(a, first, options) !== fingerprint(b, second, options)) return
  assert.unreachable(`the fingerprint did not change\n${show(a)}\n--- and\n${show(b)}`)
}

/** Exactly the exports whose fingerprint changed, sorted. `edit` holds the files that are replaced; one that is `undefined` is deleted. */
export function changed(files: Readonly<Record<string, string>>, edit: Readonly<Record<string, string | undefined>>): At[] {
  const edited = Object.fromEntries(Object.entries({ ...files, ...edit }).filter((e): e is [string, string] => e[1] !== undefined))
  const before = fingerprints(files)
  const after = fingerprints(edited)
  return Object.keys({ ...before, ...after })
    .filter((at) => before[at] !== after[at])
    .sort()
}

function show(files: Files): string {
  if (typeof files === 'string') return files
  return Object.entries(files)
    .map(([file, text]) => `// ${file}\n${text}`)
    .join('\n')
}
