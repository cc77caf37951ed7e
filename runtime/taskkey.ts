// A task's key: the fingerprint of its step, and the digest of every input that counts. Two tasks with the same key have the same result.

import { type Artifacts, isLive, type Slot, sameSlot } from './artifacts.js'
import { EncodeError, inputDigest } from './codec.js'
import { type Digest, digest } from './contract.js'
import { environmentDigest, environmentSalt } from './environment.js'
import type { Arrival } from './fan.js'
import type { StepInfo } from './graph.js'
import { type Key, makeKey } from './key.js'
import type { StepPolicy } from './options.js'
import type { Item } from './workspace.js'

export interface TaskInputs {
  readonly info: StepInfo
  readonly policy: StepPolicy | undefined
  /** Those that the step finds: of a join, the ones where its branches parted. */
  readonly artifacts: Artifacts
  readonly item: Item | undefined
  /** Of a join. */
  readonly branches: readonly Arrival[] | undefined
}

export type TaskKey =
  /** `isAlive`: some input is an instance that is handed on alive, so that somebody may change it while the step runs. */
  | { readonly kind: 'key'; readonly key: Key; readonly names: ReadonlySet<string>; readonly isAlive: boolean }
  | { readonly kind: 'unstamped' }
  /** This input has no stable bytes. */
  | { readonly kind: 'live'; readonly name: string; readonly cause: unknown }

/** The name under which `inputs[0].name` counts as read, of whichever branch. */
export const ofBranch = (name: string): string => `inputs.${name}`

/** Which names count: the author's `inputs`, else what the stamp says that the step reads, else all. `input` counts whenever it may be read. */
export function taskKey({ info, policy, artifacts, item, branches }: TaskInputs): TaskKey {
  const { stamp } = info
  if (stamp === undefined) return { kind: 'unstamped' }
  const { reads, classes, branchReads, merges: merged } = stamp
  const chosen = policy?.inputs ?? reads
  const names = new Set((chosen ?? Object.keys(artifacts)).filter((name) => Object.hasOwn(artifacts, name)))
  const inputs: [string, Digest][] = []
  let live: Extract<TaskKey, { kind: 'live' }> | undefined
  let isAlive = false

  function add(name: string, slot: Slot): void {
    if (!isLive(slot)) return void inputs.push([name, slot.digest])
    isAlive = true
    const found = digestOf(slot.value)
    if (typeof found === 'string') inputs.push([name, found])
    else live ??= { kind: 'live', name, cause: found }
  }

  function digestOf(value: unknown): Digest | EncodeError {
    try {
      return inputDigest(value, classes)
    } catch (error) {
      if (error instanceof EncodeError) return error
      throw error
    }
  }

  /** Of a branch: by the author's `inputs`, else by what the stamp says that the join reads or merges. */
  function counts(name: string): boolean {
    if (policy?.inputs !== undefined) return policy.inputs.includes(name)
    return branchReads === undefined || branchReads.includes(name) || merges(name)
  }

  function merges(name: string): boolean {
    if (policy?.inputs !== undefined) return policy.inputs.includes(name)
    if (branchReads === undefined || merged === undefined) return true
    return merged.some(({ include, exclude }) => include?.includes(name) !== false && exclude?.includes(name) !== true)
  }

  // Code-unit order, whatever the order of assignment was.
  for (const name of [...names].sort()) add(name, artifacts[name] as Slot)
  if (item !== undefined) {
    if (reads === undefined || reads.includes('input') || policy?.inputs?.includes('input')) {
      names.add('input')
      add('input', item.slot)
    }
    if (chosen === undefined || chosen.includes('index') || reads?.includes('index')) {
      names.add('index')
      inputs.push(['index', digest(String(item.index))])
    }
  }
  if (branches !== undefined) {
    const [items, places] = [counts('input'), policy?.inputs === undefined ? counts('index') : counts('input')]
    if (items) names.add(ofBranch('input'))
    if (places) names.add(ofBranch('index'))
    inputs.push(['inputs.length', digest(String(branches.length))])
    branches.forEach((branch, index) => {
      if (branch.names !== undefined) inputs.push([`inputs[${index}]`, digest(branch.names.join(' '))])
      if (items && branch.item !== undefined) add(`inputs[${index}].input`, branch.item.slot)
      // In a foreach it is the place of the branch; a fan of several targets has it from the foreach around.
      if (places && branch.item !== undefined && branch.item.index !== index)
        inputs.push([`inputs[${index}].index`, digest(String(branch.item.index))])
      for (const name of Object.keys(branch.artifacts).sort()) {
        if (!counts(name)) continue
        names.add(ofBranch(name))
        add(`inputs[${index}].${name}`, branch.artifacts[name] as Slot)
      }
    })
  }
  // What `mergeArtifacts` makes of branches that differ depends on which of them left the artifact as it was.
  if (branches !== undefined)
    for (const [name, slot] of Object.entries(artifacts)) {
      const kept = (branch: Arrival) => sameSlot(branch.artifacts[name], slot)
      if (merges(name) && branches.some(kept) && !branches.every(kept)) add(`fork.${name}`, slot)
    }
  if (live !== undefined) return live
  const environment = environmentDigest(policy?.env)
  const { version, salt } = policy ?? {}
  const key = makeKey({ fingerprint: stamp.fingerprint, inputs, environment, version, salt, space: environmentSalt() })
  return { kind: 'key', key, names, isAlive }
}
