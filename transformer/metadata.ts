// What `emitDecoratorMetadata` makes of types: with a decorator on a member or on one of its parameters, the types of all its parameters, its own
// and that of what it returns become values. They are mentions that count only under that option.

import type ts from 'typescript'
import { isKnownGlobal } from './known-globals.js'
import type { Pen } from './pen.js'

/** Words for types that become the value which another type becomes, too. */
const SAME = new Map([
  ['any', 'Object'],
  ['unknown', 'Object'],
  ['object', 'Object'],
  ['string', 'String'],
  ['number', 'Number'],
  ['boolean', 'Boolean'],
])

/** The decorators of a declaration with code, those on its parameters among them. */
export function isDecorated({ ts }: Pen, node: ts.Node): boolean {
  const { parameters = [] } = node as { parameters?: readonly ts.ParameterDeclaration[] }
  return [node, ...parameters].some((n) => ts.canHaveDecorators(n) && (ts.getDecorators(n)?.length ?? 0) > 0)
}

/** `siblings`: the members of the class around, since a getter and its setter are given one type. */
export function writeMetadata(pen: Pen, node: ts.ClassElement | ts.ClassLikeDeclaration, siblings: readonly ts.ClassElement[] = []): void {
  const { ts, writer, file } = pen
  const aliases = new Set<ts.Node>()

  function write(name: string, at: ts.Node): void {
    writer.type(name, at.getStart(file))
  }

  function visit(type: ts.Node): void {
    const name = ts.isTypeReferenceNode(type) ? rootOf(type) : undefined
    if (name !== undefined && (pen.names.has(name.text) || isKnownGlobal(name.text))) write(name.text, name)
    const alias = name && aliasOf(name.text)
    if (alias !== undefined && !aliases.has(alias)) {
      aliases.add(alias)
      visit(alias.type)
    }
    const word = name === undefined ? wordFor(type) : undefined
    if (word !== undefined) write(becomes(word), type)
    ts.forEachChild(type, visit)
  }

  /** The global that stands for a type which has no name of its own. */
  function wordFor(type: ts.Node): string | undefined {
    if (ts.isArrayTypeNode(type) || ts.isTupleTypeNode(type)) return 'Array'
    if (ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type)) return 'Function'
    if (ts.isStringLiteral(type) || ts.isTemplateLiteralTypeNode(type) || ts.isNoSubstitutionTemplateLiteral(type)) return 'string'
    if (ts.isNumericLiteral(type)) return 'number'
    if (ts.isBigIntLiteral(type)) return 'bigint'
    if (ts.isTypePredicateNode(type)) return 'boolean'
    return ts.tokenToString(type.kind)
  }

  function becomes(word: string): string {
    const same = SAME.get(word)
    return same === undefined || pen.names.has(same) ? word : same
  }

  function rootOf({ typeName }: ts.TypeReferenceNode): ts.Identifier {
    let name = typeName
    while (ts.isQualifiedName(name)) name = name.left
    return name
  }

  function aliasOf(name: string): ts.TypeAliasDeclaration | undefined {
    return file.statements.find((s) => ts.isTypeAliasDeclaration(s) && s.name.text === name) as ts.TypeAliasDeclaration | undefined
  }

  const owner = ts.isClassLike(node) ? node.members.find((m) => ts.isConstructorDeclaration(m) && m.body) : node
  const { type, parameters = [] } = (owner ?? {}) as { type?: ts.TypeNode; parameters?: readonly ts.ParameterDeclaration[] }
  // A parameter without a type has its place, too.
  for (const [index, t] of [type, ...parameters.map((p) => p.type)].entries()) {
    if (t === undefined) continue
    writer.type(`#${index}`, t.getStart(file))
    visit(t)
  }
  if (!ts.isClassLike(node) && ts.isAccessor(node)) for (const twin of twinsOf(pen, node, siblings)) visitTypes(twin)

  function visitTypes(accessor: ts.AccessorDeclaration): void {
    for (const t of [accessor.type, ...accessor.parameters.map((p) => p.type)]) if (t) visit(t)
  }
}

/** The setter of a getter and the other way round. */
export function twinsOf({ ts, file }: Pen, node: ts.AccessorDeclaration, siblings: readonly ts.ClassElement[]): ts.AccessorDeclaration[] {
  const name = node.name.getText(file)
  return siblings.filter((m): m is ts.AccessorDeclaration => m !== node && ts.isAccessor(m) && m.name.getText(file) === name)
}
