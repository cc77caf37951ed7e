// Normal form of expressions: what is evaluated, without types, layout, redundant parentheses and spelling of literals.

import type ts from 'typescript'
import { writeAccess } from './access.js'
import { calleeOf, isAssetUrl, writeArguments, writeAssetUrl, writeCall } from './calls.js'
import { literalOf } from './folding.js'
import { noteFreeName } from './free-names.js'
import { isGlobalObject, writesGlobal } from './globals.js'
import { asked, decisive, isComparison, isLogical } from './logic.js'
import { writePrivate, writePropertyName, writeTarget } from './patterns.js'
import { bare, inScope, noteOwn, type Pen, RECEIVER, textOf, writeExpressions, writeList, writeMeant } from './pen.js'
import { bind, lookUp } from './scope.js'
import { writeConstant, writeString, writeSum, writeTemplate } from './strings.js'
import { ASKED, ASSIGNED, BUILT, CALLED, LIVE, READ, USES_THIS, WRITES_GLOBAL } from './summary.js'

export function writeExpression(pen: Pen, given: ts.Expression, wanted = READ | LIVE): void {
  const { ts, writer } = pen
  const node = bare(ts, given)
  const use = wanted & ~RECEIVER
  const K = ts.SyntaxKind
  // What is met most comes first.
  switch (node.kind) {
    case K.Identifier:
      return writeIdentifier(pen, node as ts.Identifier, wanted)
    case K.PropertyAccessExpression:
    case K.ElementAccessExpression:
      if ((wanted & (LIVE | RECEIVER)) === LIVE && isGlobalObject(pen, node)) writer.trait(WRITES_GLOBAL)
      if ((wanted & RECEIVER) === 0) noteFreeName(pen, node)
      return writeAccess(pen, node as ts.AccessExpression, use)
    case K.CallExpression:
      return writeCall(pen, node as ts.CallExpression)
    case K.BinaryExpression:
      return writeBinary(pen, node as ts.BinaryExpression, use)
    case K.ArrowFunction:
    case K.FunctionExpression:
      return pen.functionLike(node as ts.FunctionExpression)
    case K.NumericLiteral:
      writer.tag('number')
      return writer.text(String(Number((node as ts.NumericLiteral).text)))
    case K.BigIntLiteral:
      writer.tag('bigint')
      return writer.text(String(BigInt((node as ts.BigIntLiteral).text.replace(/n$/, ''))))
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
      return writeString(pen, (node as ts.StringLiteralLike).text)
    case K.RegularExpressionLiteral:
      return writeRegularExpression(pen, node as ts.RegularExpressionLiteral)
    case K.TrueKeyword:
      return writer.tag('true')
    case K.FalseKeyword:
      return writer.tag('false')
    case K.NullKeyword:
      return writer.tag('null')
    case K.ThisKeyword:
      return writeThis(pen, node, use)
    case K.SuperKeyword:
      noteOwn(pen, 'this')
      return writer.tag('super')
    case K.MetaProperty:
      if ((wanted & RECEIVER) === 0) noteFreeName(pen, node)
      return writeMeta(pen, node as ts.MetaProperty, use)
    case K.OmittedExpression:
      return writer.tag('hole')
    case K.SpreadElement:
      writer.tag('spread')
      return pen.expression((node as ts.SpreadElement).expression)
    case K.ArrayLiteralExpression:
      writer.tag('array')
      return writeExpressions(pen, (node as ts.ArrayLiteralExpression).elements)
    case K.ObjectLiteralExpression:
      return writeObject(pen, node as ts.ObjectLiteralExpression)
    case K.NewExpression:
      if (isAssetUrl(pen, node as ts.NewExpression)) return writeAssetUrl(pen, node as ts.NewExpression)
      writer.tag('new')
      pen.expression((node as ts.NewExpression).expression, READ | CALLED | BUILT)
      return writeArguments(pen, (node as ts.NewExpression).arguments ?? [], READ | LIVE)
    case K.TaggedTemplateExpression:
      return writeTagged(pen, node as ts.TaggedTemplateExpression)
    case K.TemplateExpression:
      return writeTemplate(pen, node as ts.TemplateExpression)
    case K.ClassExpression:
      return pen.classLike(node as ts.ClassExpression)
    case K.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression
      writer.tag('?:')
      pen.expression(asked(ts, condition), READ | ASKED)
      pen.expression(whenTrue, use)
      return pen.expression(whenFalse, use)
    }
    case K.PrefixUnaryExpression:
    case K.PostfixUnaryExpression:
      return writeUnary(pen, node as ts.PrefixUnaryExpression)
    case K.TypeOfExpression: {
      const type = literalOf(pen, node)
      if (type !== undefined) return writeConstant(pen, type)
      writer.tag('typeof')
      return pen.expression((node as ts.TypeOfExpression).expression, READ)
    }
    case K.VoidExpression: {
      const { expression } = node as ts.VoidExpression
      if (ts.isNumericLiteral(bare(ts, expression))) return writer.tag('undefined')
      writer.tag('void')
      return pen.expression(expression, READ)
    }
    case K.DeleteExpression:
      writer.tag('delete')
      if (writesGlobal(pen, (node as ts.DeleteExpression).expression)) writer.trait(WRITES_GLOBAL)
      return pen.expression((node as ts.DeleteExpression).expression, READ | ASSIGNED)
    case K.AwaitExpression:
      writer.tag('await')
      return pen.expression((node as ts.AwaitExpression).expression)
    case K.YieldExpression: {
      const { asteriskToken, expression } = node as ts.YieldExpression
      writer.tag(asteriskToken ? 'yield*' : 'yield')
      return expression ? pen.expression(expression) : writer.tag('none')
    }
    case K.JsxElement:
    case K.JsxSelfClosingElement:
    case K.JsxFragment:
      return pen.jsx(node as ts.JsxElement, use)
    case K.MissingDeclaration:
    case K.PrivateIdentifier:
      // Text that is no expression here counts as it is written: the build tells that it is wrong.
      writer.tag('missing')
      return writer.text(node.getText(pen.file))
    default:
      throw new Error(`no normal form for ${ts.SyntaxKind[node.kind]}`)
  }
}

function writeIdentifier(pen: Pen, node: ts.Identifier, wanted: number): void {
  const name = textOf(node)
  const local = lookUp(pen.scope, name)
  if (local === undefined) {
    if ((wanted & (LIVE | RECEIVER)) === LIVE && isGlobalObject(pen, node)) pen.writer.trait(WRITES_GLOBAL)
    if ((wanted & RECEIVER) === 0) noteFreeName(pen, node)
  }
  writeMeant(pen, name, local, node, wanted & ~RECEIVER)
}

/** What one answers for its flags is in this order, however they were written. */
function writeRegularExpression({ writer }: Pen, { text }: ts.RegularExpressionLiteral): void {
  writer.tag('regexp')
  writer.text(text.replace(/(?<=\/)[dgimsuvy]+$/, (flags) => [...flags].sort().join('')))
}

function writeThis(pen: Pen, node: ts.Node, use: number): void {
  pen.writer.tag('this')
  pen.writer.trait(USES_THIS)
  if (pen.thisIs === 'member') pen.writer.mention('this', '', use, node.getStart(pen.file))
  else noteOwn(pen, 'this')
}

function writeObject(pen: Pen, node: ts.ObjectLiteralExpression): void {
  const { ts, writer } = pen
  writer.tag('object')
  writeList(pen, node.properties, (property) => writeProperty(pen, ts, property))
}

/** A property of an object literal; `{a}` is `{a: a}`, but `{__proto__}` is not `{__proto__: __proto__}`. */
export function writeProperty(pen: Pen, ts: typeof import('typescript'), property: ts.ObjectLiteralElementLike): void {
  const { writer } = pen
  if (ts.isSpreadAssignment(property)) {
    writer.tag('spread')
    return pen.expression(property.expression)
  }
  if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) return pen.functionLike(property)
  writer.tag(ts.isShorthandPropertyAssignment(property) && property.name.text === '__proto__' ? 'own' : 'property')
  writePropertyName(pen, property.name, false)
  if (ts.isShorthandPropertyAssignment(property)) pen.expression(property.name)
  else pen.expression(property.initializer)
}

function writeTagged(pen: Pen, node: ts.TaggedTemplateExpression): void {
  const { ts, writer } = pen
  writer.tag('tagged')
  pen.expression(calleeOf(pen, bare(ts, node.tag)), READ | CALLED)
  const { template } = node
  const pieces: readonly ts.TemplateLiteralLikeNode[] = ts.isTemplateExpression(template)
    ? [template.head, ...template.templateSpans.map((s) => s.literal)]
    : [template]
  writeList(pen, pieces, (piece) => {
    // `raw` can be observed by the tag, so the spelling counts here; only line ends do not.
    const source = pen.file.text.slice(piece.getStart(pen.file) + 1, piece.end)
    writer.text(source.replace(/(?:\$\{|`)$/, '').replace(/\r\n?/g, '\n'))
  })
  if (ts.isTemplateExpression(template)) for (const span of template.templateSpans) pen.expression(span.expression)
}

function writeUnary(pen: Pen, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
  const { ts, writer } = pen
  const operator = ts.tokenToString(node.operator)!
  const known = ts.isPrefixUnaryExpression(node) ? literalOf(pen, node) : undefined
  if (known !== undefined) return writeConstant(pen, known)
  writer.tag(node.kind === ts.SyntaxKind.PrefixUnaryExpression ? `pre${operator}` : `post${operator}`)
  if (operator === '++' || operator === '--') {
    writeTarget(pen, node.operand, READ)
    pen.assigned?.value(pen, node.operand, operator)
  } else pen.expression(node.operand, operator === '!' ? READ | ASKED : READ)
}

function writeBinary(pen: Pen, node: ts.BinaryExpression, use: number): void {
  const { ts, writer } = pen
  const operator = ts.tokenToString(node.operatorToken.kind)!
  const { FirstAssignment, LastAssignment } = ts.SyntaxKind
  if (node.operatorToken.kind >= FirstAssignment && node.operatorToken.kind <= LastAssignment) {
    writer.tag(operator)
    writeTarget(pen, node.left, operator === '=' ? 0 : READ)
    pen.assigned?.value(pen, node.left, operator, node.right)
    return pen.expression(node.right)
  }
  const known = literalOf(pen, node)
  if (known !== undefined) return writeConstant(pen, known)
  if (isLogical(operator)) {
    const operands = decisive(ts, node)
    if (operands.length === 1) return pen.expression(operands[0]!, use)
    writer.tag(operator)
    // What `a && b` comes to is no object of `a`.
    const left = operator === '&&' ? use | ASKED : use
    return writeList(pen, operands, (e) => pen.expression(e, e === operands.at(-1) ? use : left))
  }
  if (operator === '+') return writeSum(pen, node)
  writer.tag(operator)
  const compared = isComparison(ts, node) ? READ | ASKED : READ
  if (ts.isPrivateIdentifier(node.left)) writePrivate(pen, node.left)
  else pen.expression(node.left, compared)
  pen.expression(node.right, operator === ',' ? use : compared)
}

/** `import.meta`, or `new.target`, which is the class of `this`: what writes through it writes to that. */
function writeMeta(pen: Pen, node: ts.MetaProperty, use: number): void {
  const { ts, writer } = pen
  if (node.keywordToken === ts.SyntaxKind.NewKeyword) {
    noteOwn(pen, 'new.target')
    if (pen.thisIs === 'member' && (use & (LIVE | ASSIGNED)) !== 0) writer.mention('this', 'constructor', use, node.getStart(pen.file))
  }
  writer.tag('meta')
  writer.text(node.name.text)
}

/** A named function expression whose name is never used is an anonymous one, and so is what `catch` binds. */
export function writeOwnName(pen: Pen, name: ts.Identifier | undefined, write: () => void): void {
  const fill = pen.writer.reserve()
  if (name === undefined) return write()
  inScope(pen, (scope) => {
    bind(scope, name.text)
    write()
    const token = pen.writer.seen(scope.names.get(name.text)!)
    if (token !== undefined) fill(`named ${token}`)
  })
}
