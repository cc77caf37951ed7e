// What of a flow a join runs on its branches, which are instances of the flow: methods and accessors, when they are named.

import type { Graph, Node } from './graph.js'
import { chainOf, memberItem, membersNamed } from './members.js'
import type { Item } from './walk.js'

export interface Branches {
  /** The flow. */
  readonly owner: Node
  /** The members that the join names, or `any` when a branch is handed on. */
  readonly names: readonly string[] | 'any'
  /** Names of steps, which do not run on branches. */
  readonly steps: ReadonlySet<string>
}

/** Those that the join names itself. */
export function membersOnBranches(graph: Graph, { owner, names, steps }: Branches): Item[] {
  if (names === 'any') return []
  const named = names.filter((name) => !steps.has(name))
  const found = named.flatMap((name) => membersNamed(chainOf(graph, owner), name, false)).filter(({ member }) => member.kind !== 'field')
  return found.map(({ of, member }) => memberItem(graph, of, member, owner))
}

/** Those of a branch that is handed on: by name, as with any other instance. */
export function membersOfBranches(
  graph: Graph,
  { owner, names, steps }: Branches,
  isCalled: ((name: string) => boolean) | undefined,
): Item[] {
  if (names !== 'any') return []
  const all = chainOf(graph, owner).flatMap((of) => (of.declaration!.members ?? []).map((member) => ({ of, member })))
  const called = all.filter(
    ({ member }) =>
      !member.isStatic &&
      !steps.has(member.name) &&
      (member.kind === 'computed' || (['method', 'get', 'set'].includes(member.kind) && (isCalled === undefined || isCalled(member.name)))),
  )
  return called.map(({ of, member }) => memberItem(graph, of, member, owner))
}
