// What is read from a file of a project: its summary, its syntax tree, its problems; of the host's own tree where it has one.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from './disk.js'
import { type Options, runtimeOf } from './options.js'
import { complete } from './outlines.js'
import type { TS } from './pen.js'
import { findProblems, mayHaveProblems, type Problem } from './problems.js'
import type { Shelf } from './shelf.js'
import { parse, summarize } from './summarize.js'
import type { Dialect, Summary } from './summary.js'

const DIALECTS: Record<string, Dialect> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
}

/** Nothing for a file that is no code. */
export function dialectOf(file: string): Dialect | undefined {
  return DIALECTS[path.extname(file)]
}

export interface ReadingsSource {
  readonly ts: TS
  readonly disk: Disk
  /** Parsed files that the host has already. */
  readonly sourceFile: ((file: string) => ts.SourceFile | undefined) | undefined
  readonly shelf: Shelf
  readonly treeShelf: Shelf
}

export interface Readings {
  /** Nothing for a file whose code is nested too deep to be parsed: it counts by its content then. */
  summary(file: string, dialect: Dialect, own: Options): Summary | undefined
  /** The host's, or parsed again. */
  source(file: string): ts.SourceFile
  problems(file: string): readonly Problem[]
}

export function openReadings({ ts, disk, sourceFile, shelf, treeShelf }: ReadingsSource): Readings {
  const source = (file: string): ts.SourceFile => sourceFile?.(file) ?? parse(ts, file, disk.text(file), dialectOf(file)!)

  return {
    source,
    summary(file, dialect, own) {
      try {
        const parsed = sourceFile?.(file)
        const text = parsed?.text ?? disk.text(file)
        const runtime = runtimeOf(own, text)
        const make = (): Summary =>
          parsed ? summarize(ts, parsed, dialect, runtime) : complete(summarize(ts, parse(ts, file, text, dialect), dialect, runtime))
        const question = runtime !== undefined && text.includes(runtime) ? `summary ${dialect} jsx ${runtime}` : `summary ${dialect}`
        return withKeptImports(withBareNames((parsed ? treeShelf : shelf).answer(question, text, make)), own)
      } catch (error) {
        if (error instanceof RangeError) return undefined
        throw error
      }
    },
    problems(file) {
      const parsed = sourceFile?.(file)
      const text = parsed?.text ?? disk.text(file)
      if (!mayHaveProblems(text)) return []
      return (parsed ? treeShelf : shelf).answer(`problems ${path.extname(file)}`, text, () => findProblems(ts, source(file)))
    },
  }
}

/** Records of names inherit none: JSON has forgotten that. */
function withBareNames(summary: Summary): Summary {
  Object.setPrototypeOf(summary.bindings, null)
  Object.setPrototypeOf(summary.exports, null)
  return summary
}

function withKeptImports(summary: Summary, { keepsImports }: Options): Summary {
  return keepsImports ? { ...summary, imports: summary.imports.map((i) => ({ ...i, evaluated: true })) } : summary
}
