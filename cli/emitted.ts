// The stamps that stand in emitted JavaScript, read from its text without running it: of compilers and of bundlers, minified or not.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type ts from 'typescript'

type TS = typeof import('typescript')

export interface EmittedStamp {
  /** As it stands there: `file#Class.step`. */
  readonly id: string
  readonly fingerprint: string
  /** The emitted file, absolute, and its line from 1. */
  readonly file: string
  readonly line: number
}

/** The JavaScript files of a folder and below; packages aside. */
export function emittedFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.name === 'node_modules') return []
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return emittedFiles(file)
    return /\.[cm]?js$/.test(entry.name) ? [file] : []
  })
}

/** A stamp is an object literal that holds an `id` and a `fingerprint`, both written down. */
export function readStamps(ts: TS, file: string): EmittedStamp[] {
  const text = readFileSync(file, 'utf8')
  return text.includes('mintmark.stamp') ? readText(ts, file, text, 0) : []
}

function readText(ts: TS, file: string, text: string, firstLine: number): EmittedStamp[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS)
  const found: EmittedStamp[] = []
  const lineOf = (node: ts.Node): number => firstLine + source.getLineAndCharacterOfPosition(node.getStart(source)).line

  function visit(node: ts.Node): void {
    if (ts.isObjectLiteralExpression(node)) {
      const [id, fingerprint] = [textOf(node, 'id'), textOf(node, 'fingerprint')]
      if (id?.includes('#') && fingerprint !== undefined && /^[0-9a-f]{64}$/.test(fingerprint))
        found.push({ id, fingerprint, file, line: lineOf(node) + 1 })
    }
    // Bundlers have modes in which each module is a text that is evaluated.
    if (ts.isStringLiteralLike(node) && node.text.includes('mintmark.stamp') && node.text.length > 100)
      found.push(...readText(ts, file, node.text, lineOf(node)))
    ts.forEachChild(node, visit)
  }

  function textOf({ properties }: ts.ObjectLiteralExpression, name: string): string | undefined {
    for (const p of properties)
      if (ts.isPropertyAssignment(p) && !ts.isComputedPropertyName(p.name) && 'text' in p.name && p.name.text === name)
        return ts.isStringLiteralLike(p.initializer) ? p.initializer.text : undefined
    return undefined
  }

  visit(source)
  return found
}
