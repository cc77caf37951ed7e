// `mergeArtifacts`: a three-way merge of branches against the artifacts where they parted, which are what a join begins with.

import { type Artifacts, type Slot, sameSlot } from './artifacts.js'
import { MintmarkError } from './errors.js'
import type { MergeOptions } from './flow.js'
import type { Workspace } from './workspace.js'

export interface Merging {
  /** Of the join. */
  readonly workspace: Workspace
  readonly branches: readonly Artifacts[]
  readonly fork: Artifacts
  readonly options: MergeOptions<string>
  /** For messages. */
  readonly step: string
}

/** Gives the workspace what branches changed. Answers every name that it looked at: what is not changed today may be another day. Error: MM4018. */
export function mergeBranches({ workspace, branches, fork, options: { include, exclude }, step }: Merging): string[] {
  const names = new Set(branches.flatMap((artifacts) => Object.keys(artifacts)))
  const open = [...names].filter((name) => include?.includes(name) !== false && !exclude?.includes(name) && !workspace.hasSet(name))
  const changed = new Map<string, Slot>()
  const conflicts: string[] = []
  for (const name of open) {
    const values = changesOf(name, branches, fork)
    if (values.length > 1) conflicts.push(`\`${name}\``)
    else if (values[0] !== undefined) changed.set(name, values[0])
  }
  if (conflicts.length > 0)
    throw new MintmarkError(
      'MM4018',
      `mergeArtifacts in \`${step}\` found branches that changed ${conflicts.join(', ')} to different values. Set them before, or leave them out with \`exclude\`.`,
    )
  for (const [name, slot] of changed) workspace.take(name, slot)
  return open
}

/** The different values that branches gave an artifact; two are as many as matter. */
function changesOf(name: string, branches: readonly Artifacts[], fork: Artifacts): Slot[] {
  const values: Slot[] = []
  for (const artifacts of branches) {
    const slot = artifacts[name]
    if (slot === undefined || sameSlot(slot, fork[name]) || (values[0] !== undefined && sameSlot(slot, values[0]))) continue
    values.push(slot)
    if (values.length > 1) break
  }
  return values
}
