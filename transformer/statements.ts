// Normal form of statements. Empty ones are nothing, braces that bind no name are nothing, `const a = 1, b = 2` is two declarations,
// and `const` is `let`: neither can be told from the other by running the code.

import type ts from 'typescript'
import { type Enum, localEnum, loweredEnums, writeLocalEnum } from './enums.js'
import { writeOwnName } from './expressions.js'
import { asked } from './logic.js'
import { literalName, writeBinding, writeDefault, writeTarget } from './patterns.js'
import { bare, inScope, type Pen, partsOf, type Variable, type Written, writeList, writeName } from './pen.js'
import { bindBlockList, bindLexical, bindPattern, hasModifier, isTypeOnly, openScope } from './scope.js'
import { ASKED, LIVE, READ } from './summary.js'

export function writeStatements(pen: Pen, list: readonly Written[]): void {
  writeList(pen, flatten(pen, list), (item) => writeItem(pen, item))
}

/** The statements that run, one declarator each. */
function flatten(pen: Pen, list: readonly Written[]): Written[] {
  const lowered = loweredEnums(pen.ts, list)
  const found: Written[] = []
  for (const item of list) {
    if (typeof item === 'function' || 'tag' in item) found.push(item)
    else if (!lowered.variables.has(item)) addFlat(pen, item, lowered.enums.get(item), found)
  }
  return found
}

function addFlat(pen: Pen, s: ts.Statement, lowered: Enum | undefined, found: Written[]): void {
  const { ts } = pen
  const K = ts.SyntaxKind
  if (s === pen.skipped) return
  if (lowered !== undefined) found.push(() => writeLocalEnum(pen, lowered))
  else if (s.kind === K.ReturnStatement) found.push(s)
  else if (s.kind === K.VariableStatement && !isTypeOnly(ts, s)) addVariables(pen, (s as ts.VariableStatement).declarationList, found)
  else if (s.kind === K.ExpressionStatement) addParts(pen, s as ts.ExpressionStatement, found)
  else if (s.kind === K.EmptyStatement || isTypeOnly(ts, s)) return
  else if (ts.isBlock(s) && !bindsNames(pen, s)) found.push(...flatten(pen, s.statements))
  else found.push(s)
}

function addVariables(pen: Pen, list: ts.VariableDeclarationList, found: Written[]): void {
  const tag = listTag(pen, list)
  for (const declaration of list.declarations) found.push({ declaration, tag })
}

function addParts(pen: Pen, statement: ts.ExpressionStatement, found: Written[]): void {
  for (const part of partsOf(pen.ts, statement.expression)) found.push(() => writeExpressionStatement(pen, part))
}

function bindsNames(pen: Pen, block: ts.Block): boolean {
  const scope = openScope(undefined)
  bindLexical(pen.ts, scope, block.statements)
  return scope.names.size > 0
}

function writeItem(pen: Pen, item: Written): void {
  if (typeof item === 'function') item()
  else if ('tag' in item) writeDeclarator(pen, item)
  else writeStatement(pen, item)
}

export function listTag({ ts }: Pen, list: ts.VariableDeclarationList): string {
  const { AwaitUsing, Using, Let, Const } = ts.NodeFlags
  if ((list.flags & AwaitUsing) === AwaitUsing) return 'await-using'
  if ((list.flags & Using) === Using && (list.flags & AwaitUsing) !== Const) return 'using'
  return (list.flags & (Let | Const)) === 0 ? 'var' : 'let'
}

function writeDeclarator(pen: Pen, { declaration: node, tag }: Variable): void {
  const { ts, writer } = pen
  writer.tag(tag)
  const { initializer } = node
  // `const {a, b} = this` reads the members a and b, and hands `this` to nobody.
  if (
    ts.isObjectBindingPattern(node.name) &&
    initializer &&
    bare(ts, initializer).kind === ts.SyntaxKind.ThisKeyword &&
    pen.thisIs === 'member'
  ) {
    const names = node.name.elements.map((e) => literalName(pen, e.propertyName ?? (e.name as ts.Identifier)))
    if (node.name.elements.every((e, i) => !e.dotDotDotToken && names[i] !== undefined)) {
      for (const name of names) writer.mention('this', name!, READ | LIVE, node.getStart(pen.file))
      writeBinding(pen, node.name)
      return writer.tag('this')
    }
  }
  writeBinding(pen, node.name)
  writeDefault(pen, initializer)
}

function writeVariableList(pen: Pen, list: ts.VariableDeclarationList): void {
  const tag = listTag(pen, list)
  writeList(pen, list.declarations, (declaration) => writeDeclarator(pen, { declaration, tag }))
}

export function writeBody(pen: Pen, node: ts.Statement): void {
  const { ts } = pen
  if (!ts.isBlock(node)) return writeStatements(pen, [node])
  inScope(pen, (scope) => {
    bindLexical(ts, scope, node.statements)
    writeStatements(pen, functionsFirst(pen, node.statements))
  })
}

/** A function that a block declares is there from its start: `let f = function () {}` before all else. */
function functionsFirst(pen: Pen, list: readonly ts.Statement[]): Written[] {
  const { ts, writer } = pen
  const isPlain = (s: ts.Statement): s is ts.FunctionDeclaration =>
    ts.isFunctionDeclaration(s) && s.body !== undefined && !s.asteriskToken && !hasModifier(ts, s, ts.SyntaxKind.AsyncKeyword)
  const functions = list.filter(isPlain).map((f) => () => {
    writer.tag('let')
    writeName(pen, f.name!.text, f, 0)
    writer.tag('default')
    pen.functionLike(f)
  })
  return [...functions, ...list.filter((s) => !isPlain(s))]
}

function writeStatement(pen: Pen, node: ts.Statement): void {
  const { ts, writer } = pen
  const K = ts.SyntaxKind
  switch (node.kind) {
    case K.Block:
      writer.tag('block')
      return writeBody(pen, node)
    case K.IfStatement: {
      const { expression, thenStatement, elseStatement } = node as ts.IfStatement
      writer.tag('if')
      pen.expression(asked(ts, expression), READ | ASKED)
      writeBody(pen, thenStatement)
      return elseStatement ? writeBody(pen, elseStatement) : writer.count(0)
    }
    case K.ReturnStatement: {
      const { expression } = node as ts.ReturnStatement
      writer.tag('return')
      return expression ? pen.expression(expression) : writer.tag('none')
    }
    case K.ThrowStatement:
      writer.tag('throw')
      return pen.expression((node as ts.ThrowStatement).expression)
    case K.ForStatement:
      return writeFor(pen, node as ts.ForStatement)
    case K.ForInStatement:
    case K.ForOfStatement:
      return writeForEach(pen, node as ts.ForOfStatement)
    case K.WhileStatement:
      writer.tag('while')
      pen.expression(asked(ts, (node as ts.WhileStatement).expression), READ | ASKED)
      return writeBody(pen, (node as ts.WhileStatement).statement)
    case K.DoStatement:
      writer.tag('do')
      writeBody(pen, (node as ts.DoStatement).statement)
      return pen.expression(asked(ts, (node as ts.DoStatement).expression), READ | ASKED)
    case K.SwitchStatement:
      return writeSwitch(pen, node as ts.SwitchStatement)
    case K.TryStatement:
      return writeTry(pen, node as ts.TryStatement)
    case K.LabeledStatement:
      writer.tag('label')
      return writer.inLabel((node as ts.LabeledStatement).label.text, () => writeBody(pen, (node as ts.LabeledStatement).statement))
    case K.BreakStatement:
    case K.ContinueStatement: {
      const { label } = node as ts.BreakStatement
      writer.tag(node.kind === K.BreakStatement ? 'break' : 'continue')
      return label ? writer.label(label.text) : undefined
    }
    case K.FunctionDeclaration:
      writer.tag('declare')
      writeName(pen, (node as ts.FunctionDeclaration).name?.text ?? 'default', node, 0)
      return pen.functionLike(node as ts.FunctionDeclaration)
    case K.ClassDeclaration:
      writer.tag('declare')
      writeName(pen, (node as ts.ClassDeclaration).name?.text ?? 'default', node, 0)
      return pen.classLike(node as ts.ClassDeclaration)
    case K.EnumDeclaration:
      return writeLocalEnum(pen, localEnum(pen, node as ts.EnumDeclaration))
    case K.ExportAssignment:
      writer.tag('export=')
      return pen.expression((node as ts.ExportAssignment).expression)
    case K.WithStatement:
      writer.tag('with')
      pen.expression((node as ts.WithStatement).expression)
      return writeBody(pen, (node as ts.WithStatement).statement)
    case K.DebuggerStatement:
      return writer.tag('debugger')
    case K.MissingDeclaration:
    case K.ModuleDeclaration:
    case K.ImportEqualsDeclaration:
    case K.ImportDeclaration:
    case K.ExportDeclaration:
      // Text that is no statement here counts as it is written: the build tells that it is wrong.
      writer.tag('missing')
      return writer.text(node.getText(pen.file))
    default:
      throw new Error(`no normal form for ${ts.SyntaxKind[node.kind]}`)
  }
}

function writeExpressionStatement(pen: Pen, node: ts.Expression): void {
  pen.writer.tag('do-expression')
  const value = bare(pen.ts, node)
  // Nobody asks what a statement comes to: `void f()` is `f()`.
  pen.expression(pen.ts.isVoidExpression(value) ? value.expression : node, READ)
}

function writeFor(pen: Pen, node: ts.ForStatement): void {
  const { ts, writer } = pen
  writer.tag('for')
  inScope(pen, (scope) => {
    const { initializer, condition, incrementor } = node
    if (initializer && ts.isVariableDeclarationList(initializer)) {
      bindBlockList(ts, scope, initializer, true)
      writer.tag('declare')
      writeVariableList(pen, initializer)
    } else if (initializer) pen.expression(initializer, READ)
    else writer.tag('none')
    if (condition) pen.expression(asked(ts, condition), READ | ASKED)
    else writer.tag('none')
    if (incrementor) pen.expression(incrementor, READ)
    else writer.tag('none')
    writeBody(pen, node.statement)
  })
}

function writeForEach(pen: Pen, node: ts.ForOfStatement | ts.ForInStatement): void {
  const { ts, writer } = pen
  writer.tag(ts.isForInStatement(node) ? 'for-in' : node.awaitModifier ? 'for-await' : 'for-of')
  pen.expression(node.expression)
  inScope(pen, (scope) => {
    if (ts.isVariableDeclarationList(node.initializer)) {
      bindBlockList(ts, scope, node.initializer)
      writer.tag('declare')
      writeVariableList(pen, node.initializer)
    } else writeTarget(pen, node.initializer)
    writeBody(pen, node.statement)
  })
}

function writeSwitch(pen: Pen, node: ts.SwitchStatement): void {
  const { ts, writer } = pen
  writer.tag('switch')
  pen.expression(node.expression, READ)
  inScope(pen, (scope) => {
    for (const clause of node.caseBlock.clauses) bindLexical(ts, scope, clause.statements)
    writeList(pen, node.caseBlock.clauses, (clause) => {
      writer.tag(ts.isCaseClause(clause) ? 'case' : 'default')
      if (ts.isCaseClause(clause)) pen.expression(clause.expression, READ)
      writeStatements(pen, functionsFirst(pen, clause.statements))
    })
  })
}

function writeTry(pen: Pen, node: ts.TryStatement): void {
  const { ts, writer } = pen
  writer.tag('try')
  writeBody(pen, node.tryBlock)
  const { catchClause, finallyBlock } = node
  if (catchClause) {
    writer.tag('catch')
    const name = catchClause.variableDeclaration?.name
    const writeBlock = (): void => writeBody(pen, catchClause.block)
    if (name === undefined || ts.isIdentifier(name)) writeOwnName(pen, name, writeBlock)
    else
      inScope(pen, (scope) => {
        bindPattern(ts, scope, name)
        writeBinding(pen, name)
        writeBlock()
      })
  }
  if (finallyBlock) {
    writer.tag('finally')
    writeBody(pen, finallyBlock)
  }
}
