// Normal form of names that bind and of targets that are assigned to.

import type ts from 'typescript'
import { writesGlobal } from './globals.js'
import { bare, isFree, type Pen, textOf, writeList, writeName } from './pen.js'
import { lookUp } from './scope.js'
import { ASSIGNED, COMPUTED_MEMBER, HIDDEN_CALL, READ, WRITES_GLOBAL } from './summary.js'

// Operators and templates call these.
const CONVERSIONS = new Set(['toString', 'valueOf', 'toJSON'])

/** A property's name. A private one becomes its position: renaming `#x` changes nothing. */
export function writePropertyName(pen: Pen, name: ts.PropertyName | ts.PrivateIdentifier, mention: boolean): void {
  const { ts, writer } = pen
  const known = literalName(pen, name)
  if (known !== undefined) {
    writer.tag('key')
    writer.text(known)
    if (mention) writer.property(known)
    else if (CONVERSIONS.has(known)) writer.trait(HIDDEN_CALL)
  } else if (ts.isPrivateIdentifier(name)) writePrivate(pen, name)
  else if (ts.isComputedPropertyName(name)) {
    writer.tag('computed')
    writer.trait(mention ? COMPUTED_MEMBER : HIDDEN_CALL)
    pen.expression(name.expression, READ)
  }
}

/** The text of a name that is no private and no computed one. */
export function literalName(pen: Pen, name: ts.PropertyName | ts.PrivateIdentifier): string | undefined {
  const { ts } = pen
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return name.text
  if (ts.isNumericLiteral(name)) return String(Number(name.text))
  if (ts.isBigIntLiteral(name)) return String(BigInt(name.text.slice(0, -1)))
  return undefined
}

/** `#x`: local to a class inside the fragment, otherwise a member of the top-level class around. */
export function writePrivate(pen: Pen, name: ts.PrivateIdentifier, use = READ): void {
  const local = lookUp(pen.scope, name.text)
  if (local !== undefined) pen.writer.local(local)
  else pen.writer.mention('private', name.text, use, name.getStart(pen.file))
}

/** A top-level name in it is assigned: this need not be its only declaration. */
export function writeBinding(pen: Pen, name: ts.BindingName): void {
  const { ts, writer } = pen
  if (ts.isIdentifier(name)) return writeName(pen, textOf(name), name, ASSIGNED)
  writer.tag(ts.isObjectBindingPattern(name) ? 'object-pattern' : 'array-pattern')
  writeList(pen, name.elements as readonly ts.ArrayBindingElement[], (element) => {
    if (!ts.isBindingElement(element)) return writer.tag('hole')
    writer.tag(element.dotDotDotToken ? 'rest' : 'element')
    if (ts.isObjectBindingPattern(name) && !element.dotDotDotToken) {
      writePropertyName(pen, element.propertyName ?? (element.name as ts.Identifier), true)
    }
    writeBinding(pen, element.name)
    writeDefault(pen, element.initializer)
  })
}

export function writeDefault(pen: Pen, initializer: ts.Expression | undefined): void {
  if (initializer === undefined) return
  pen.writer.tag('default')
  pen.expression(initializer)
}

/** The left side of an assignment, `also` holding READ for `+=` and the like. */
export function writeTarget(pen: Pen, target: ts.Expression, also = 0): void {
  const { ts, writer } = pen
  const node = bare(ts, target)
  if (ts.isIdentifier(node)) {
    if (isFree(pen, textOf(node))) writer.trait(WRITES_GLOBAL)
    return writeName(pen, textOf(node), node, ASSIGNED | also)
  }
  if (ts.isObjectLiteralExpression(node)) {
    writer.tag('object-pattern')
    return writeList(pen, node.properties, (property) => {
      if (ts.isSpreadAssignment(property)) {
        writer.tag('rest')
        return writeTarget(pen, property.expression)
      }
      writer.tag('element')
      writePropertyName(pen, property.name!, true)
      if (ts.isShorthandPropertyAssignment(property)) {
        writeTarget(pen, property.name)
        writeDefault(pen, property.objectAssignmentInitializer)
      } else if (ts.isPropertyAssignment(property)) writeElementTarget(pen, property.initializer)
    })
  }
  if (ts.isArrayLiteralExpression(node)) {
    writer.tag('array-pattern')
    return writeList(pen, node.elements, (element) => {
      if (ts.isOmittedExpression(element)) return writer.tag('hole')
      const isRest = ts.isSpreadElement(element)
      writer.tag(isRest ? 'rest' : 'element')
      writeElementTarget(pen, isRest ? element.expression : element)
    })
  }
  if (writesGlobal(pen, node)) writer.trait(WRITES_GLOBAL)
  pen.expression(node, ASSIGNED | also)
}

function writeElementTarget(pen: Pen, node: ts.Expression): void {
  const { ts } = pen
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    writeTarget(pen, node.left)
    writeDefault(pen, node.right)
  } else writeTarget(pen, node)
}
