// The closures of all steps as a file, so that a miss can be explained declaration by declaration. What several steps reach is told once.

import { type ClosureEntry, digest, FORMAT, type Manifest, type ManifestStep } from '../runtime/contract.js'
import type { Node } from './graph.js'
import type { Project } from './project.js'
import type { StampedStep } from './stamped.js'
import type { Visit } from './walk.js'

/** Name of the file, beside the emitted code. */
export const MANIFEST = 'mintmark.json'

/** A step, as long as its declarations have no numbers: they go by their keys. */
export interface StepDraft {
  readonly id: string
  readonly step: ManifestStep<string>
}

export interface ManifestDraft {
  /** What the manifest has of these steps. Of declarations that it knows already nothing is looked at again. */
  add(steps: readonly StampedStep[]): readonly StepDraft[]
  /** Of steps that were added. After an edit those that rest on it have to be added again, and what they reach takes the place of what was known. */
  of(steps: Iterable<StepDraft>): Manifest
  /** The same for another process. */
  keep(steps: Iterable<StepDraft>): KeptManifest
  /** Before anything is added: what has been kept, by step. */
  recall(kept: KeptManifest): (id: string) => StepDraft
}

export interface KeptManifest {
  readonly manifest: Manifest
  /** Of its declarations, in their order. */
  readonly keys: readonly string[]
}

/** For what stands in no class. */
const NOWHERE = {}

export function openManifest(project: Project): ManifestDraft {
  const rows = new Map<string, ClosureEntry<string>>()
  // By class of `this`. After an edit there is another graph, so its nodes are not known.
  const known = new WeakMap<object, WeakSet<Node>>()

  /** What a declaration leads to depends on nothing but itself and the class that its `this` is an instance of. */
  function keyOf({ node, context }: Pick<Visit, 'node' | 'context'>): string {
    return context === undefined ? placeOf(node) : `${placeOf(node)} in ${placeOf(context)}`
  }

  function isKnown({ node, context }: Visit): boolean {
    let nodes = known.get(context ?? NOWHERE)
    if (nodes === undefined) known.set(context ?? NOWHERE, (nodes = new WeakSet()))
    if (nodes.has(node)) return true
    nodes.add(node)
    return false
  }

  function rowOf({ node, own, to }: Visit, visits: readonly Visit[]): ClosureEntry<string> {
    const { declaration, module } = node
    const owner = declaration?.owner === undefined ? '' : `${module.summary.declarations[declaration.owner]!.name}.`
    const leaves = to.filter((t) => typeof t === 'string').filter((t) => /^(?:package|asset|missing) /.test(t))
    return {
      id: `${project.show(module.path)}#${owner}${declaration?.name ?? '*'}`,
      own,
      to: to.flatMap((t) => (typeof t === 'string' ? [] : [keyOf(visits[t[0]]!)])),
      ...(leaves.length > 0 && { leaves }),
    }
  }

  return {
    add: (steps) =>
      steps.map(({ id, fingerprint, closure: { visits, options } }) => {
        for (const visit of visits) if (visit !== visits[0] && !isKnown(visit)) rows.set(keyOf(visit), rowOf(visit, visits))
        const unmentioned = laterRoots(visits).map((n) => keyOf(visits[n]!))
        const more = { ...(unmentioned.length > 0 && { unmentioned }), ...(options.length > 0 && { options }) }
        return { id, step: { fingerprint, root: rowOf(visits[0]!, visits), ...more } }
      }),
    of: (steps) => numbered(rows, steps).manifest,
    keep: (steps) => numbered(rows, steps),
    recall({ manifest: { declarations, steps }, keys }) {
      const draftOf = (row: ClosureEntry): ClosureEntry<string> => ({ ...row, to: row.to.map((n) => keys[n]!) })
      declarations.forEach((row, n) => {
        rows.set(keys[n]!, draftOf(row))
      })
      return (id) => {
        const { root, unmentioned, ...rest } = steps[id]!
        return { id, step: { ...rest, root: draftOf(root), ...(unmentioned && { unmentioned: unmentioned.map((n) => keys[n]!) }) } }
      }
    },
  }
}

/** Declarations get their numbers as the steps come to them, so that the same steps make the same file. */
function numbered(rows: ReadonlyMap<string, ClosureEntry<string>>, steps: Iterable<StepDraft>): KeptManifest {
  const numbers = new Map<string, number>()
  const entryOf = (row: ClosureEntry<string>): ClosureEntry => ({ ...row, to: row.to.map(number) })

  function number(key: string): number {
    let n = numbers.get(key)
    if (n === undefined) numbers.set(key, (n = numbers.size))
    return n
  }

  const ordered = [...steps].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const told = ordered.map(({ id, step: { root, unmentioned, options, fingerprint } }) => {
    const more = { ...(unmentioned && { unmentioned: unmentioned.map(number) }), ...(options && { options }) }
    return [id, { fingerprint, root: entryOf(root), ...more }] as const
  })
  const declarations: ClosureEntry[] = []
  for (const key of numbers.keys()) declarations.push(entryOf(rows.get(key)!))
  const manifest: Manifest = { version: 2, format: FORMAT, declarations, steps: Object.fromEntries(told) }
  return { manifest, keys: [...numbers.keys()] }
}

/** The text of the file. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest)}\n`
}

/** What a step reaches, itself first: `to` are indexes into the result. Nothing for a step that the manifest does not have. */
export function closureIn({ declarations, steps }: Manifest, id: string): readonly ClosureEntry[] | undefined {
  const step = steps[id]
  if (step === undefined) return undefined
  const numbers = new Map<number, number>()
  const number = (n: number): number => {
    let own = numbers.get(n)
    if (own === undefined) numbers.set(n, (own = numbers.size + 1))
    return own
  }
  const entryOf = (row: ClosureEntry): ClosureEntry => ({ ...row, to: row.to.map(number) })
  const closure = [entryOf(step.root)]
  for (const n of step.unmentioned ?? []) number(n)
  for (const n of numbers.keys()) closure.push(entryOf(declarations[n]!))
  return [...closure, ...(step.options ?? []).map((text): ClosureEntry => ({ id: `option ${text}`, own: digest(text), to: [] }))]
}

function placeOf({ module, decl }: Node): string {
  return `${module.path}:${decl}`
}

/** What nothing before has mentioned when its turn comes: numbers are given in the order of mention, so it has one that no mention has brought. */
function laterRoots(visits: readonly Visit[]): number[] {
  const roots: number[] = []
  let count = 1
  visits.forEach(({ to }, i) => {
    for (; count <= i; count++) roots.push(count)
    for (const t of to) if (typeof t !== 'string') for (; count <= t[0]; count++) if (count < t[0]) roots.push(count)
  })
  return roots
}
