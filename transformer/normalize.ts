// A declaration -> its normal form: opens a pen on a node and puts the writers together.

import type ts from 'typescript'
import { writeStanding } from './access.js'
import { writeClassLike } from './classes.js'
import { writeExpression } from './expressions.js'
import { noteFreeWords } from './free-names.js'
import { writeFunctionLike } from './functions.js'
import { writeJsx } from './jsx.js'
import type { ModuleNames, Pen, TS, Written } from './pen.js'
import { type Local, openScope, type Scope, type Standing } from './scope.js'
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

export function openPen(ts: TS, file: ts.SourceFile, names: ModuleNames, options: PenOptions = {}): Pen {
  return new CodePen(ts, file, names, options)
}

/** There is one for each declaration of a project: a class, so that they share their functions. */
class CodePen implements Pen {
  readonly ts: TS
  readonly file: ts.SourceFile
  readonly writer = openWriter()
  readonly names: ModuleNames
  scope: Scope
  readonly base: Scope
  readonly captures: Map<Local, string>
  thisIs: Pen['thisIs']
  readonly skipped: Pen['skipped']
  readonly onCall: Pen['onCall']
  readonly isStep: Pen['isStep']
  readonly assigned: Pen['assigned']

  constructor(ts: TS, file: ts.SourceFile, names: ModuleNames, options: PenOptions) {
    this.ts = ts
    this.file = file
    this.names = names
    this.scope = options.scope ?? openScope(undefined)
    this.base = this.scope
    this.captures = options.captures ?? new Map()
    this.thisIs = options.thisIs ?? 'other'
    this.skipped = options.skipped
    this.onCall = options.onCall
    this.isStep = options.isStep
    this.assigned = options.assigned
  }

  expression(node: ts.Expression, use?: number): void {
    writeExpression(this, node, use)
  }

  statements(list: readonly Written[]): void {
    writeStatements(this, list)
  }

  body(node: ts.Statement): void {
    writeBody(this, node)
  }

  functionLike(node: ts.FunctionLikeDeclaration): void {
    writeFunctionLike(this, node)
  }

  classLike(node: ts.ClassLikeDeclaration): void {
    writeClassLike(this, node)
  }

  standing(stands: Standing, at: number, use: number): void {
    writeStanding(this, stands, at, use)
  }

  jsx(node: Parameters<Pen['jsx']>[0]): void {
    writeJsx(this, node)
  }
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
