// The closure of every step as a file, so that a miss can be explained declaration by declaration.

import { type ClosureEntry, digest, FORMAT, type Manifest } from '../runtime/contract.js'
import type { Project } from './project.js'
import type { StampedStep } from './stamped.js'
import type { Closure } from './walk.js'

/** Name of the file, beside the emitted code. */
export const MANIFEST = 'mintmark.json'

/** A step in the manifest: its id, and its closure as JSON. */
export type ManifestEntry = readonly [id: string, json: string]

export function manifestOf(project: Project, steps: readonly StampedStep[]): Manifest {
  return JSON.parse(manifestText(manifestEntries(project, steps))) as Manifest
}

export function manifestEntries(project: Project, steps: readonly StampedStep[]): ManifestEntry[] {
  return steps.map(({ id, fingerprint, closure }) => [id, JSON.stringify({ fingerprint, closure: entriesOf(project, closure) })])
}

/** The manifest as a file holds it: steps in code-unit order. */
export function manifestText(entries: readonly ManifestEntry[]): string {
  const ordered = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{"format":${JSON.stringify(FORMAT)},"steps":{${ordered.map(([id, json]) => `${JSON.stringify(id)}:${json}`).join()}}}\n`
}

function entriesOf(project: Project, { visits, options }: Closure): ClosureEntry[] {
  const entries = visits.map(({ node, own, to }): ClosureEntry => {
    const { declaration, module } = node
    const owner = declaration?.owner === undefined ? '' : `${module.summary.declarations[declaration.owner]!.name}.`
    const leaves = to.filter((t) => typeof t === 'string').filter((t) => /^(?:package|asset|missing) /.test(t))
    return {
      id: `${project.show(module.path)}#${owner}${declaration?.name ?? '*'}`,
      own,
      to: to.flatMap((t) => (typeof t === 'string' ? [] : [t[0]])),
      ...(leaves.length > 0 && { leaves }),
    }
  })
  return options.length > 0
    ? [...entries, ...options.map((text): ClosureEntry => ({ id: `option ${text}`, own: digest(text), to: [] }))]
    : entries
}
