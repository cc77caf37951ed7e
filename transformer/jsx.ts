// Normal form of JSX: the `React.createElement` calls that it stands for, so that layout of JSX does not count
// and code that was compiled from JSX has the fingerprint of its source.

import type ts from 'typescript'
import { decodeEntities, foldText } from './jsx-text.js'
import { isRuntimeMember, type Pen, writeList, writeName, writeRuntimeMember } from './pen.js'
import { lookUp } from './scope.js'
import { writeString } from './strings.js'
import { CALLED, FEELS_JSX, LIVE, READ } from './summary.js'

export function writeJsx(pen: Pen, node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment): void {
  const { ts, writer } = pen
  const opening = ts.isJsxElement(node) ? node.openingElement : node
  const at = node.getStart(pen.file)
  const { factory, fragment, source, runtime, elsewhere } = pragmasOf(pen)
  writer.trait(FEELS_JSX)
  if (runtime !== undefined) writer.tag(`runtime ${runtime}`)
  if (source !== undefined) {
    writer.tag('source')
    writer.mention('module', `${source}/jsx-runtime`, READ | LIVE, at)
  }
  for (const [name, value] of elsewhere) {
    writer.tag(`${name} elsewhere`)
    if (name === 'jsxImportSource') writer.mention('module', `${value}/jsx-runtime`, READ | LIVE, at)
    else if (name === 'jsxRuntime') writer.text(value)
    else writeEntity(pen, value.split('.'), at, READ | CALLED)
  }
  writer.tag('call')
  writeEntity(pen, factory.split('.'), at, READ | CALLED)
  const children = ts.isJsxSelfClosingElement(node) ? [] : node.children.map((c) => childOf(pen, c)).filter((c) => c !== undefined)
  writer.count(2 + children.length)
  if (ts.isJsxFragment(opening)) writeEntity(pen, fragment.split('.'), at, READ | LIVE)
  else writeTag(pen, opening.tagName)
  if (ts.isJsxFragment(opening)) writer.tag('null')
  else writeAttributes(pen, opening.attributes)
  for (const write of children) write()
}

interface Pragmas {
  readonly factory: string
  readonly fragment: string
  readonly source: string | undefined
  readonly runtime: string | undefined
  /** In other comments, where esbuild hears them and TypeScript does not: both ways count. */
  readonly elsewhere: readonly (readonly [name: string, value: string])[]
}

const PRAGMA = /@(jsx|jsxFrag|jsxImportSource|jsxRuntime)[ \t]+([\w$.@/-]+)/g

const pragmas = new WeakMap<ts.SourceFile, Pragmas>()

/** `@jsx h` and the like in the comments before the code: https://www.typescriptlang.org/docs/handbook/jsx.html */
function pragmasOf({ file }: Pen): Pragmas {
  let found = pragmas.get(file)
  if (found === undefined) {
    const head = file.text.slice(0, file.statements[0]!.getStart(file))
    const named = new Map(pragmasIn((head.match(/\/\*[\s\S]*?\*\//g) ?? []).join('\n')))
    found = {
      factory: named.get('jsx') ?? 'React.createElement',
      fragment: named.get('jsxFrag') ?? 'React.Fragment',
      source: named.get('jsxImportSource'),
      runtime: named.get('jsxRuntime'),
      elsewhere: pragmasIn(file.text).filter(([name, value]) => named.get(name) !== value),
    }
    pragmas.set(file, found)
  }
  return found
}

function pragmasIn(text: string): [name: string, value: string][] {
  return [...text.matchAll(PRAGMA)].map(([, name, value]) => [name!, value!])
}

/** `React.createElement` as `writeAccess` would write it. */
function writeEntity(pen: Pen, path: readonly string[], at: number, use: number): void {
  const { writer } = pen
  const [root, member] = path as [string, string | undefined]
  if (member === undefined) return writeName(pen, root, at, use)
  const name = path.at(-1)!
  const isTopLevel = path.length === 2 && lookUp(pen.scope, root) === undefined && pen.names.has(root)
  if (isTopLevel && isRuntimeMember(pen, root, member)) return writeRuntimeMember(pen, member)
  if (isTopLevel && pen.names.isNamespace(root)) return writer.mention('binding', root, use, at, member)
  writer.tag('dot')
  if (isTopLevel) writer.mention('binding', root, READ | LIVE, at, member)
  else writeEntity(pen, path.slice(0, -1), at, READ | LIVE)
  writer.tag('key')
  writer.text(name)
  writer.property(name)
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
