// A declaration -> its normal form: opens a pen on a node and puts the writers together.

import type ts from 'typescript'
import { writeStanding } from './access.js'
import { writeClassLike } from './classes.js'
import { writeExpression } from './expressions.js'
import { noteFreeWords } from './free-names.js'
import { writeFunctionLike } from './functions.js'
import { writeJsx } from './jsx.js'
import type { ModuleNames, Pen, TS } from './pen.js'
import { type Local, openScope, type Scope } from './scope.js'
import { writeBody, writeStatements } from './statements.js'
import { ANY_TRAIT, ANY_USE, type Fragment } from './summary.js'
import { openWriter } from './writer.js'

export interface PenOptions {
  readonly thisIs?: 'member' | 'other'
  readonly scope?: Scope
  readonly skipped?: ts.Node | undefined
  readonly captures?: Map<Local, string>
  readonly onCall?: Pen['onCall']
  readonly isStep?: boolean
  readonly assigned?: Pen['assigned']
}

export function openPen(ts: TS, file: ts.SourceFile, names: ModuleNames, { thisIs = 'other', ...options }: PenOptions = {}): Pen {
  const scope = options.scope ?? openScope(undefined)
  const pen: Pen = {
    ts,
    file,
    names,
    scope,
    writer: openWriter(),
    base: scope,
    captures: options.captures ?? new Map(),
    thisIs,
    skipped: options.skipped,
    onCall: options.onCall,
    isStep: options.isStep,
    assigned: options.assigned,
    expression: (node, use) => writeExpression(pen, node, use),
    statements: (list) => writeStatements(pen, list),
    body: (node) => writeBody(pen, node),
    functionLike: (node) => writeFunctionLike(pen, node),
    classLike: (node) => writeClassLike(pen, node),
    standing: (stands, at, use) => writeStanding(pen, stands, at, use),
    jsx: (node) => writeJsx(pen, node),
  }
  return pen
}

/** The fragment that `write` writes. Code that is nested too deep for the stack counts by the text of its module, and may do anything. */
export function normalize(pen: Pen, write: (pen: Pen) => void): Fragment {
  try {
    write(pen)
    return pen.writer.fragment()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return opaqueFragment(pen)
  }
}

function opaqueFragment({ file, names, thisIs }: Pen): Fragment {
  const writer = openWriter()
  writer.tag('deep')
  writer.text(file.text.replace(/\r\n?/g, '\n'))
  for (const name of names.all()) writer.mention('binding', name, ANY_USE, file.pos)
  if (thisIs === 'member') writer.mention('this', '', ANY_USE, file.pos)
  noteFreeWords({ writer }, file.text)
  writer.trait(ANY_TRAIT)
  return writer.fragment()
}
