// The shape of what `link` makes: declarations as nodes, and what their mentions lead to as edges.

import { digest } from '../runtime/contract.js'
import type { Module } from './module.js'
import type { Project } from './project.js'
import type { Declaration, Facts } from './summary.js'

/** A declaration of the graph, or the namespace object of a module. */
export interface Node {
  readonly id: number
  readonly module: Module
  /** Index in the module's declarations; -1 for the namespace object. */
  readonly decl: number
  readonly declaration: Declaration | undefined
}

/**
 * Where one mention leads. `slot` tells which name of the declaration is meant. A leaf ends outside of the project. `handed` is the namespace
 * object of which it is a member, where that is itself an export (`export * as ns`); `through` are modules free of effects that hand it on by name;
 * `key` is the property of JSON that is imported by its name; `asked`: see mentions.
 */
export type Edge = { readonly use: number; readonly asked?: true; readonly handed?: Node; readonly through?: readonly Module[] } & (
  | { readonly kind: 'node'; readonly node: Node; readonly slot: number; readonly member?: string; readonly key?: string }
  | { readonly kind: 'leaf'; readonly text: string; readonly package?: string; readonly export?: string }
  /** A member of the class around: which one depends on the class of the step. */
  | { readonly kind: 'this' | 'super'; readonly name: string }
)

export interface Nodes {
  node(module: Module, decl: number): Node
  namespace(module: Module): Node
  /** A declaration that only the analysis of steps knows: the part of the code that a stamp speaks for. */
  root(module: Module, declaration: Declaration): Node
  /** Declarations of the same module that assign a name of this one (C3), in an order that layout does not change. */
  assigners(node: Node): readonly Node[]
  /** The same, and of functions only what they assign, where that can be told. */
  assigned(node: Node): readonly Node[]
}

export interface Names {
  /** What a top-level name of a module is, its `member` if only that is mentioned, and of a namespace import the `inner` member of that. */
  resolveName(module: Module, name: string, member?: string, use?: number, inner?: string): Edge
  /** What an export of a module is, or nothing when there is none (a type, say). */
  resolveExport(module: Module, name: string): Edge | undefined
  /** The module hands on all that a package, Node or CommonJS gives out: which names it has cannot be told. */
  hasUnknownNames(module: Module): boolean
}

export interface Graph extends Nodes, Names {
  readonly project: Project
  /** One edge for each mention, in order; then those that no mention stands for. */
  edges(node: Node): readonly Edge[]
  /** The member of a class, object literal or enum. */
  member(owner: Node, name: string): Node | undefined
}

/** Evaluating the declaration can be felt outside of it. */
export function isFelt({ options }: Module, { impure, impureAssign }: Facts): boolean {
  return options.fieldsDefine ? impure : (impureAssign ?? impure)
}

/** Stands in a closure for the namespace object of a module. */
export const NAMESPACE = digest('namespace')
