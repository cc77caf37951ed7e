// Normal form of JSX: the `React.createElement` calls that it stands for, so that layout of JSX does not count
// and code that was compiled from JSX has the fingerprint of its source.

import type ts from 'typescript'
import { writeString } from './expressions.js'
import { decodeEntities, foldText } from './jsx-text.js'
import { type Pen, writeList, writeName } from './pen.js'
import { lookUp } from './scope.js'
import { CALLED, FEELS_JSX, LIVE, READ } from './summary.js'

export function writeJsx(pen: Pen, node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment): void {
  const { ts, writer } = pen
  const opening = ts.isJsxElement(node) ? node.openingElement : node
  const at = node.getStart(pen.file)
  writer.trait(FEELS_JSX)
  writer.tag('call')
  writeReactMember(pen, 'createElement', at, READ | CALLED)
  const children = ts.isJsxSelfClosingElement(node) ? [] : node.children.map((c) => childOf(pen, c)).filter((c) => c !== undefined)
  writer.count(2 + children.length)
  if (ts.isJsxFragment(opening)) writeReactMember(pen, 'Fragment', at, READ | LIVE)
  else writeTag(pen, opening.tagName)
  if (ts.isJsxFragment(opening)) writer.tag('null')
  else writeAttributes(pen, opening.attributes)
  for (const write of children) write()
}

/** `React.createElement` as `writeAccess` would write it. */
function writeReactMember(pen: Pen, member: string, at: number, use: number): void {
  const { writer } = pen
  if (lookUp(pen.scope, 'React') === undefined && pen.names.has('React')) {
    if (pen.names.isNamespace('React')) return writer.mention('binding', 'React', use, at, member)
    writer.tag('dot')
    writer.mention('binding', 'React', READ | LIVE, at, member)
  } else {
    writer.tag('dot')
    writeName(pen, 'React', at)
  }
  writer.tag('key')
  writer.text(member)
  writer.property(member)
}

function writeTag(pen: Pen, name: ts.JsxTagNameExpression): void {
  const { ts } = pen
  if (ts.isJsxNamespacedName(name)) return writeString(pen, `${name.namespace.text}:${name.name.text}`)
  if (ts.isIdentifier(name) && /^[a-z]|-/.test(name.text)) return writeString(pen, name.text)
  pen.expression(name as ts.Expression, READ | LIVE)
}

function writeAttributes(pen: Pen, attributes: ts.JsxAttributes): void {
  const { ts, writer } = pen
  if (attributes.properties.length === 0) return writer.tag('null')
  writer.tag('object')
  writeList(pen, attributes.properties, (attribute) => {
    if (ts.isJsxSpreadAttribute(attribute)) {
      writer.tag('spread')
      return pen.expression(attribute.expression)
    }
    const name = ts.isIdentifier(attribute.name) ? attribute.name.text : `${attribute.name.namespace.text}:${attribute.name.name.text}`
    writer.tag('property')
    writer.tag('key')
    writer.text(name)
    const value = attribute.initializer
    if (value === undefined) writer.tag('true')
    else if (ts.isStringLiteral(value)) writeString(pen, decodeEntities(value.text))
    else if (ts.isJsxExpression(value)) value.expression ? pen.expression(value.expression) : writer.tag('true')
    else writeJsx(pen, value)
  })
}

function childOf(pen: Pen, child: ts.JsxChild): (() => void) | undefined {
  const { ts, writer } = pen
  if (ts.isJsxText(child)) {
    const text = foldText(child.text)
    return text === undefined ? undefined : () => writeString(pen, text)
  }
  if (!ts.isJsxExpression(child)) return () => writeJsx(pen, child)
  const { expression, dotDotDotToken } = child
  if (expression === undefined) return undefined
  return () => {
    if (dotDotDotToken) writer.tag('spread')
    pen.expression(expression)
  }
}
