// Normal form of classes. A parameter property is the field and the assignment that it stands for.

import type ts from 'typescript'
import { writeOwnName } from './expressions.js'
import { keyText } from './folding.js'
import { writeDecorators, writeSignatureAndBody } from './functions.js'
import { isDecorated, twinsOf, writeMetadata } from './metadata.js'
import { writePropertyName } from './patterns.js'
import { inScope, type Pen, type TS, writeName } from './pen.js'
import { bind, bindOwn, bindVars, hasModifier } from './scope.js'
import { ASSIGNED, FEELS_DECORATORS, HIDDEN_CALL, type MemberKind, READ, USES_THIS } from './summary.js'

/** A class inside a fragment, whole. */
export function writeClassLike(pen: Pen, node: ts.ClassLikeDeclaration): void {
  const { ts, writer } = pen
  const name = ts.isClassExpression(node) ? node.name : undefined
  const outer = pen.thisIs
  writeOwnName(pen, name, () => {
    writer.tag('class')
    writeHead(pen, node)
    pen.thisIs = 'other'
    inScope(pen, (scope) => {
      const members = constructorFirst(pen, codeMembers(pen, node))
      for (const m of members) if (m.name && ts.isPrivateIdentifier(m.name)) bind(scope, m.name.text)
      // Compilers put the fields of parameter properties after the constructor. Nobody counts the members: where fields assign, bare ones are none.
      const first = members.filter((m) => ts.isConstructorDeclaration(m))
      for (const member of first) writeMember(pen, member, node.members)
      for (const field of parameterProperties(pen, node)) writeParameterField(pen, field)
      for (const member of members.slice(first.length)) writeMember(pen, member, node.members)
      writer.tag('end')
    })
  })
  pen.thisIs = outer
}

export function writeHead(pen: Pen, node: ts.ClassLikeDeclaration): void {
  const { ts, writer } = pen
  if (writeDecorators(pen, node)) writeMetadata(pen, node)
  const heritage = node.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
  if (heritage === undefined) return writer.tag('root')
  writer.tag('extends')
  pen.expression(heritage.expression, READ)
}

/** The members that leave code behind. */
export function codeMembers(pen: Pen, node: ts.ClassLikeDeclaration): ts.ClassElement[] {
  const { ts } = pen
  const K = ts.SyntaxKind
  return node.members.filter((m) => {
    if (ts.isSemicolonClassElement(m) || ts.isIndexSignatureDeclaration(m)) return false
    if (hasModifier(ts, m, K.AbstractKeyword) || hasModifier(ts, m, K.DeclareKeyword)) return false
    return ts.isPropertyDeclaration(m) || ts.isClassStaticBlockDeclaration(m) || (m as ts.MethodDeclaration).body !== undefined
  })
}

/** Where a constructor stands among the members changes nothing, and compilers move it. */
export function constructorFirst({ ts }: { ts: TS }, members: readonly ts.ClassElement[]): ts.ClassElement[] {
  return [...members.filter(ts.isConstructorDeclaration), ...members.filter((m) => !ts.isConstructorDeclaration(m))]
}

export function memberKind(pen: Pen, m: ts.ClassElement): MemberKind {
  const { ts } = pen
  if (ts.isConstructorDeclaration(m)) return 'constructor'
  if (ts.isClassStaticBlockDeclaration(m)) return 'block'
  if (m.name && ts.isComputedPropertyName(m.name) && keyText(pen, m.name.expression) === undefined) return 'computed'
  if (ts.isGetAccessor(m)) return 'get'
  if (ts.isSetAccessor(m)) return 'set'
  return ts.isPropertyDeclaration(m) ? 'field' : 'method'
}

export function parameterProperties({ ts }: Pen, node: ts.ClassLikeDeclaration): ts.ParameterDeclaration[] {
  const found = node.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined) as ts.ConstructorDeclaration | undefined
  return found?.parameters.filter((p) => ts.isParameterPropertyDeclaration(p, found)) ?? []
}

/** `constructor(private x)` declares the field `x`. */
export function writeParameterField(pen: Pen, parameter: ts.ParameterDeclaration): void {
  pen.writer.whereFieldsDefine(() => {
    pen.writer.tag('field')
    pen.writer.tag('key')
    pen.writer.text((parameter.name as ts.Identifier).text)
  })
}

/** One member among those of its class; `this` inside is whatever the pen says. */
export function writeMember(pen: Pen, member: ts.ClassElement, siblings: readonly ts.ClassElement[]): void {
  const { ts, writer } = pen
  const accessors = ts.isAccessor(member) ? [member, ...twinsOf(pen, member, siblings)] : [member]
  if (accessors.some((m) => isDecorated(pen, m))) {
    writer.trait(FEELS_DECORATORS)
    writeMetadata(pen, member, siblings)
  }
  if (ts.isPropertyDeclaration(member)) return writeField(pen, member)
  if (hasModifier(ts, member, ts.SyntaxKind.StaticKeyword)) writer.tag('static')
  if (ts.isClassStaticBlockDeclaration(member)) {
    writer.tag('block')
    return inScope(pen, (scope) => {
      bindOwn(scope)
      bindVars(ts, scope, member.body)
      pen.body(member.body)
    })
  }
  writeDecorators(pen, member)
  if (ts.isConstructorDeclaration(member)) {
    writer.tag('constructor')
    return writeSignatureAndBody(pen, member, (statements) => writeConstructorBody(pen, member, statements))
  }
  const method = member as ts.MethodDeclaration | ts.AccessorDeclaration
  writer.tag(ts.isMethodDeclaration(method) ? 'method' : ts.isGetAccessor(method) ? 'get' : 'set')
  if (ts.isAccessor(method)) writer.trait(HIDDEN_CALL)
  writePropertyName(pen, method.name, false)
  writeSignatureAndBody(pen, method)
}

function writeField(pen: Pen, field: ts.PropertyDeclaration): void {
  const { ts, writer } = pen
  const write = (): void => {
    if (hasModifier(ts, field, ts.SyntaxKind.StaticKeyword)) writer.tag('static')
    writeDecorators(pen, field)
    writer.tag(hasModifier(ts, field, ts.SyntaxKind.AccessorKeyword) ? 'accessor' : 'field')
    writePropertyName(pen, field.name, false)
    if (field.initializer === undefined) return
    writer.tag('default')
    const { initializer } = field
    inScope(pen, (scope) => {
      bindOwn(scope)
      pen.expression(initializer)
    })
  }
  const isBare = field.initializer === undefined && !ts.isPrivateIdentifier(field.name) && !ts.getDecorators(field)?.length
  if (isBare && !hasModifier(ts, field, ts.SyntaxKind.AccessorKeyword)) writer.whereFieldsDefine(write)
  else {
    write()
    if (!ts.isPrivateIdentifier(field.name)) writer.whereFieldsDefine(() => {})
  }
}

/** Parameter properties are assigned after `super()`, before the rest. */
function writeConstructorBody(pen: Pen, node: ts.ConstructorDeclaration, statements: readonly ts.Statement[]): void {
  const { ts } = pen
  const properties = node.parameters.filter((p) => ts.isParameterPropertyDeclaration(p, node))
  const isSuper = (s: ts.Statement): boolean =>
    ts.isExpressionStatement(s) && ts.isCallExpression(s.expression) && s.expression.expression.kind === ts.SyntaxKind.SuperKeyword
  const after = statements.findIndex(isSuper) + 1
  const assignments = properties.map((p) => () => writeAssignment(pen, p.name as ts.Identifier))
  pen.statements([...statements.slice(0, after), ...assignments, ...statements.slice(after)])
}

/** `this.x = x`, token by token as if it had been written out. */
function writeAssignment(pen: Pen, name: ts.Identifier): void {
  const { writer } = pen
  const at = name.getStart(pen.file)
  writer.tag('do-expression')
  writer.tag('=')
  writer.tag('dot')
  writer.trait(USES_THIS)
  if (pen.thisIs === 'member') writer.mention('this', name.text, ASSIGNED, at)
  else writer.tag('this')
  writer.tag('key')
  writer.text(name.text)
  writer.property(name.text)
  writeName(pen, name.text, at)
}
