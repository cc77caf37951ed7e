// The code that a stamp speaks for, written again from the syntax tree of its module: a method under its decorators, or a function given to
// `memoize`, without the options that do not bear on the result and without the transition that belongs to the flow's graph.

import type ts from 'typescript'
import type { Transition } from '../runtime/contract.js'
import { readTags } from './doc-tags.js'
import { calleeName, type Draft, draftPen } from './draft.js'
import { writeDecorators, writeSignatureAndBody } from './functions.js'
import { type JoinReads, joinReads } from './join-reads.js'
import { literalsOf, optionsOf, says, writeMark, writeOptions } from './mark-options.js'
import { isDecorated, writeMetadata } from './metadata.js'
import { normalize, openPen } from './normalize.js'
import { literalName } from './patterns.js'
import { bare, type Pen } from './pen.js'
import { hasModifier, type Local, lookUp } from './scope.js'
import type { Declaration, Name, TypeName } from './summary.js'
import { findTransitions, plainTransition, targetsOf } from './transitions.js'
import { parameterTypes, valueTypes } from './types.js'

export type MarkKind = 'memoize' | 'step' | undefined

export interface MethodRoot {
  readonly name: string
  readonly isStatic: boolean
  readonly joins: boolean
  readonly declaration: Declaration
  /** The one transition that always runs, if there is exactly one. */
  readonly next?: Transition
  readonly targets: readonly string[]
  /** What its parameters are annotated with. */
  readonly parameters: readonly TypeName[]
  /** What it reads of branches, should it join any; absent when that cannot be told. */
  readonly joinReads?: JoinReads
  /** Offset of its end. */
  readonly end: number
  readonly isMemoized: boolean
  /** It says `inputs`. */
  readonly namesInputs: boolean
  readonly hasTtl: boolean
  readonly env: readonly string[]
}

/** The methods of a class that a decorator makes steps. `owner` is the class's index among the declarations of its module. */
export function methodRoots(draft: Draft, node: ts.ClassLikeDeclaration, owner: number, markOf: (name: Name) => MarkKind): MethodRoot[] {
  const { ts, file } = draft
  return node.members.flatMap((member): MethodRoot[] => {
    if (!ts.isMethodDeclaration(member) || member.body === undefined) return []
    const name = literalName({ ts } as Pen, member.name)
    const decorators = ts.getDecorators(member) ?? []
    const marks = decorators.map((d) => markOfDecorator(draft, d, markOf))
    if (name === undefined || marks.every((m) => m === undefined)) return []
    const memoizing = decorators[marks.indexOf('memoize')]
    const options = memoizing && optionsOf(draft, memoizing.expression)
    const transitions = findTransitions(draft, member.body)
    const plain = transitions.length === 1 ? plainTransition(draft, member.body, transitions[0]!) : undefined
    const at = member.getStart(file)
    const fragment = normalize(draftPen(draft, { thisIs: 'member', isStep: true, skipped: plain?.statement }), (pen) => {
      const mark = marks.indexOf('memoize')
      pen.writer.tag('step')
      if (mark >= 0) writeMark(pen, decorators[mark]!)
      // Decorators above `@memoize` wrap what it has answered; those under it are part of what it remembers.
      const isUnder = (d: ts.Decorator): boolean => decorators.indexOf(d) > mark && marks[decorators.indexOf(d)] !== 'step'
      if (writeDecorators(pen, member, isUnder) || member.parameters.some((p) => isDecorated(pen, p))) writeMetadata(pen, member)
      writeSignatureAndBody(pen, member)
    })
    const isStatic = hasModifier(ts, member, ts.SyntaxKind.StaticKeyword)
    const joins = member.parameters.some((p) => !(ts.isIdentifier(p.name) && p.name.text === 'this'))
    const targets = [...new Set(transitions.flatMap((t) => targetsOf(draft, t)))].sort()
    const includes = options ? literalsOf(draft, options, 'include') : []
    const tags = readTags(file.text.slice(member.pos, at))
    const declaration: Declaration = {
      kind: 'member',
      name,
      at,
      impure: false,
      owner,
      ...fragment,
      ...tags,
      includes: [...(tags?.includes ?? []), ...includes],
    }
    const env = options ? literalsOf(draft, options, 'env') : []
    const namesInputs = says(draft, options, 'inputs')
    const hasTtl = says(draft, options, 'ttl')
    const facts = {
      hasTtl,
      name,
      isStatic,
      joins,
      declaration,
      targets,
      parameters: parameterTypes(ts, member),
      end: member.end,
      isMemoized: memoizing !== undefined,
      namesInputs,
      env,
    }
    // Another decorator is given the branches, too.
    const read = joins && marks.every((m) => m !== undefined) ? joinReads(ts, member) : undefined
    return [{ ...facts, ...(plain && { next: plain.transition }), ...(read && { joinReads: read }) }]
  })
}

function markOfDecorator(draft: Draft, decorator: ts.Decorator, markOf: (name: Name) => MarkKind): MarkKind {
  const name = calleeName(draft, decorator.expression)
  return name && markOf(name)
}

export interface FunctionRoot {
  /** Offsets of the argument that is the function. */
  readonly start: number
  readonly end: number
  /** The function is written here, and not only named. */
  readonly isLiteral: boolean
  readonly declaration: Declaration
  /** Variables of enclosing functions whose values enter the key at run time. */
  readonly captures: readonly string[]
  /** What its parameters and the variables that it captures are annotated with. */
  readonly types: readonly TypeName[]
  /** The function, where it is only named. */
  readonly named: Name | undefined
  readonly env: readonly string[]
  readonly hasTtl: boolean
  /** A captured variable whose name means something else where the function is made, so that its value cannot be had there. */
  readonly hidden: string | undefined
}

/** The function that a call of `memoize`, or of a wrapper around it, is given; `pen` stands at the call. */
export function functionRoot(draft: Draft, pen: Pen, call: ts.CallExpression): FunctionRoot | undefined {
  const { ts, file } = draft
  const kinds = [(a: ts.Expression) => isFunctionLike(ts, a), ts.isIdentifier, ts.isPropertyAccessExpression, ts.isCallExpression]
  const given = kinds.map((is) => call.arguments.find((a) => is(bare(ts, a)))).find((a) => a !== undefined)
  if (given === undefined) return undefined
  const name = bare(ts, given)
  // A parameter of a wrapper: whoever calls the wrapper stamps the function.
  if (ts.isIdentifier(name) && lookUp(pen.scope, name.text) !== undefined && lookUp(pen.scope, name.text)!.node === undefined)
    return undefined
  const captured = new Map<Local, string>()
  const at = given.getStart(file)
  const sub = openPen(ts, file, draft.names, { scope: pen.scope, thisIs: pen.thisIs, captures: captured })
  const fragment = normalize(sub, (p) => {
    p.writer.tag('memoized')
    p.expression(call.expression)
    for (const argument of call.arguments) if (argument !== given) writeOptions(p, argument)
    p.expression(given)
    writeCapturedCode(p, captured)
  })
  const values = [...captured].filter(([local]) => local.node === undefined)
  const [hidden] = values.flatMap(([local, name]) => (lookUp(pen.scope, name) === local ? [] : [name]))
  const options = optionsOf(draft, call)
  const usesThis = fragment.mentions.some((m) => m.kind === 'this' || m.kind === 'super')
  const captures = new Set([...values.map(([, name]) => name), ...(usesThis ? ['this'] : [])])
  const [includes, env] = ['include', 'env'].map((name) => (options ? literalsOf(draft, options, name) : []))
  const facts = { kind: 'expression', name: 'memoized', at, impure: false, includes: includes! } as const
  const declaration: Declaration = { ...facts, ...fragment }
  const hasTtl = says(draft, options, 'ttl')
  const local = ts.isIdentifier(name) ? lookUp(pen.scope, name.text)?.node : undefined
  const written = ts.isFunctionLike(name) ? name : local && ts.isFunctionLike(local) ? local : undefined
  const types = [
    ...(written ? parameterTypes(ts, written) : []),
    ...values.flatMap(([{ holder }]) => (holder ? valueTypes(ts, holder.type, holder.initializer) : [])),
  ]
  return {
    start: at,
    types,
    named: written === undefined ? calleeName(draft, name) : undefined,
    end: given.end,
    declaration,
    captures: [...captures].sort(),
    env: env!,
    hasTtl,
    hidden,
    isLiteral: isFunctionLike(ts, name),
  }
}

function isFunctionLike(ts: Draft['ts'], node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node)
}

/** Functions that are captured are followed as code, and so is what they capture in turn. */
function writeCapturedCode(pen: Pen, captured: Map<Local, string>): void {
  for (const [local] of captured) {
    if (local.node === undefined) continue
    pen.writer.tag('captured-code')
    const outer = pen.scope
    pen.scope = local.scope
    pen.functionLike(local.node as ts.FunctionLikeDeclaration)
    pen.scope = outer
  }
}
