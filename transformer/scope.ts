// Which local name an identifier means: scopes are opened and filled as the normal form is written, hoisted names first.

import type ts from 'typescript'

export interface Local {
  /** The function or initialiser that it always stands for, when that is plain: a captured one is followed as code. */
  readonly node?: ts.Node | undefined
  /** Scope around the declaration, to read `node` in. */
  readonly scope: Scope
  /** Counts up from a number in a `for` head: plainly an index. */
  readonly counter?: boolean | undefined
  /** It is one of `OWN_NAMES`. */
  readonly isOwn?: true
  /** What it stands for, where it is another name of something around the code, or of a member of that. */
  readonly stands?: Standing
  /** Its declaration, where that has a name and not a pattern: its type says what it may hold. */
  readonly holder?: ts.VariableDeclaration | ts.ParameterDeclaration | undefined
}

/** Inside of a namespace its parameter stands for the namespace, and a variable that it gives out for the member that it is. */
export interface Standing {
  /** Where `name` means what is meant. */
  readonly scope: Scope
  readonly name: string
  readonly member?: string
  /** Members that are functions to which it is all the same what they are called on. */
  readonly plain?: ReadonlySet<string>
}

export interface Scope {
  /** What is bound in it. */
  readonly names: ReadonlyMap<string, Local>
  readonly parent: Scope | undefined
  /** It binds `OWN_NAMES`, too: each of them is among the names once somebody has asked for it. */
  readonly hasOwn: boolean
}

// Most scopes bind nothing.
const NOTHING: ReadonlyMap<string, Local> = new Map()

export function openScope(parent: Scope | undefined): Scope {
  return { names: NOTHING, parent, hasOwn: false }
}

export function lookUp(scope: Scope | undefined, name: string): Local | undefined {
  for (let s = scope; s !== undefined; s = s.parent) {
    const local = s.names.get(name) ?? (s.hasOwn ? ownOf(s, name) : undefined)
    if (local !== undefined) return local
  }
  return undefined
}

function ownOf(scope: Scope, name: string): Local | undefined {
  return OWN_NAMES.has(name) ? set(scope, name, { scope, isOwn: true }) : undefined
}

function binds({ names, hasOwn }: Scope, name: string): boolean {
  return names.has(name) || (hasOwn && OWN_NAMES.has(name))
}

function set(scope: Scope, name: string, local: Local): Local {
  if (scope.names === NOTHING) (scope as { names: Scope['names'] }).names = new Map()
  ;(scope.names as Map<string, Local>).set(name, local)
  return local
}

export function bind(scope: Scope, name: string, node?: ts.Node, counter?: boolean, holder?: Local['holder']): void {
  if (node !== undefined || !binds(scope, name)) set(scope, name, { scope, node, counter, holder })
}

/** Binds a name to what it stands for, whatever else is known of it. */
export function bindStanding(scope: Scope, name: string, stands: Standing): void {
  set(scope, name, { ...scope.names.get(name), scope, stands })
}

/** What every function but an arrow has of its own. */
const OWN_NAMES = new Set(['this', 'arguments', 'new.target'])

/** Binds what a function, a field's initialiser or a static block has of its own: an arrow inside means that one. */
export function bindOwn(scope: Scope): void {
  ;(scope as { hasOwn: boolean }).hasOwn = true
}

/** Binds every name of a pattern. */
export function bindPattern(ts: typeof import('typescript'), scope: Scope, pattern: ts.BindingName): void {
  if (ts.isIdentifier(pattern)) bind(scope, pattern.text)
  else for (const element of pattern.elements) if (ts.isBindingElement(element)) bindPattern(ts, scope, element.name)
}

/** True for what leaves no code behind: `declare`, interfaces, aliases, overloads, namespaces that hold only types. */
export function isTypeOnly(ts: typeof import('typescript'), node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
    case ts.SyntaxKind.NamespaceExportDeclaration:
      return true
    case ts.SyntaxKind.FunctionDeclaration:
      return (node as ts.FunctionDeclaration).body === undefined || isAmbient(ts, node)
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.EnumDeclaration:
    case ts.SyntaxKind.VariableStatement:
      return isAmbient(ts, node)
    case ts.SyntaxKind.ModuleDeclaration: {
      const { body } = node as ts.ModuleDeclaration
      if (isAmbient(ts, node) || body === undefined) return true
      return ts.isModuleBlock(body) ? holdsNothing(ts, body) : isTypeOnly(ts, body)
    }
    default:
      return false
  }
}

/** An alias that is not given out makes no namespace. */
function holdsNothing(ts: typeof import('typescript'), { statements }: ts.ModuleBlock): boolean {
  return statements.every((s) => isTypeOnly(ts, s) || (ts.isImportEqualsDeclaration(s) && !hasModifier(ts, s, ts.SyntaxKind.ExportKeyword)))
}

export function hasModifier(ts: typeof import('typescript'), node: ts.Node, kind: ts.SyntaxKind): boolean {
  const { modifiers } = node as ts.HasModifiers
  return modifiers !== undefined && ts.canHaveModifiers(node) && modifiers.some((m) => m.kind === kind)
}

function isAmbient(ts: typeof import('typescript'), node: ts.Node): boolean {
  return hasModifier(ts, node, ts.SyntaxKind.DeclareKeyword)
}

/** Binds what a list of statements declares in its own block: `let`, `const`, `class`, `function`, `enum`, `namespace`, but no `var`. */
export function bindLexical(ts: typeof import('typescript'), scope: Scope, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (isTypeOnly(ts, statement)) continue
    if (ts.isVariableStatement(statement)) bindBlockList(ts, scope, statement.declarationList)
    else if (ts.isFunctionDeclaration(statement) && statement.name) bind(scope, statement.name.text, statement)
    else if (ts.isClassDeclaration(statement) && statement.name) bind(scope, statement.name.text)
    else if (ts.isEnumDeclaration(statement)) bind(scope, statement.name.text)
    else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) bind(scope, statement.name.text)
    else if (ts.isImportEqualsDeclaration(statement) && !statement.isTypeOnly) bind(scope, statement.name.text)
    else if (ts.isLabeledStatement(statement) && ts.isFunctionDeclaration(statement.statement) && statement.statement.name)
      bind(scope, statement.statement.name.text)
  }
}

export function bindList(ts: typeof import('typescript'), scope: Scope, list: ts.VariableDeclarationList, counter = false): void {
  for (const declaration of list.declarations) {
    const { name, initializer } = declaration
    const isCounter = counter && initializer !== undefined && ts.isNumericLiteral(initializer)
    const isFunction = initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    if (ts.isIdentifier(name) && isCounter) bind(scope, name.text, undefined, true)
    else if (ts.isIdentifier(name) && isFunction && (list.flags & ts.NodeFlags.Const) !== 0) bind(scope, name.text, initializer)
    else bindHolder(ts, scope, declaration)
  }
}

/** Binds what a parameter or variable is called. */
export function bindHolder(ts: typeof import('typescript'), scope: Scope, holder: NonNullable<Local['holder']>): void {
  if (ts.isIdentifier(holder.name)) bind(scope, holder.name.text, undefined, undefined, holder)
  else bindPattern(ts, scope, holder.name)
}

/** The same for one list: a `var` belongs to the function or the module around, which has bound it. */
export function bindBlockList(ts: typeof import('typescript'), scope: Scope, list: ts.VariableDeclarationList, counter = false): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) bindList(ts, scope, list, counter)
}

/** Binds every `var` of a body. One that is named like a parameter is the parameter. */
export function bindVars(ts: typeof import('typescript'), scope: Scope, body: ts.Node, parameters?: Scope): void {
  for (const [name, isCounter] of varNames(ts, body))
    if (parameters === undefined || !binds(parameters, name)) bind(scope, name, undefined, isCounter)
}

/** Every `var` below the node, however deep, but not those of functions and namespaces inside; with whether it is a counter wherever it is declared. */
export function varNames(ts: typeof import('typescript'), node: ts.Node): Map<string, boolean> {
  const found = new Map<string, boolean>()
  const heads = new Set<ts.Node>()
  const visit = (n: ts.Node): void => {
    if (ts.isExpressionStatement(n) || ts.isReturnStatement(n)) return
    if (ts.isVariableStatement(n)) return visit(n.declarationList)
    if (ts.isFunctionLike(n) || ts.isClassLike(n) || ts.isModuleDeclaration(n)) return
    // What else is an expression or a type holds none, and is much.
    if (ts.isExpression(n) || ts.isTypeNode(n)) return
    if (ts.isForStatement(n) && n.initializer) heads.add(n.initializer)
    if (!ts.isVariableDeclarationList(n)) return ts.forEachChild(n, visit)
    if ((n.flags & ts.NodeFlags.BlockScoped) !== 0) return
    const list = openScope(undefined)
    bindList(ts, list, n, heads.has(n))
    for (const [name, local] of list.names) found.set(name, local.counter === true && found.get(name) !== false)
  }
  visit(node)
  return found
}
