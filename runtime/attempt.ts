// One execution of a step: an instance is furnished, the step is called, and what it wrote is turned into slots.

import { type Artifacts, type Bytes, loadAll, type Pool, type Slot } from './artifacts.js'
import { codecsIn, type Registered } from './codec.js'
import type { Transition } from './contract.js'
import { MintmarkError } from './errors.js'
import type { Arrival } from './fan.js'
import type { FlowSpec, TaskContext } from './flow.js'
import { type FlowGraph, type StepInfo, stepNameOf, tellTransition } from './graph.js'
import { mergeBranches } from './merge.js'
import type { ItemKeeper } from './resumable.js'
import { ofBranch } from './taskkey.js'
import { branchOf, viewMaker } from './view.js'
import { furnish, type Item, type Workspace } from './workspace.js'

export interface AttemptOptions {
  readonly graph: FlowGraph
  readonly info: StepInfo
  readonly pool: Pool
  /** Those that the step finds: of a join, the ones where its branches parted. */
  readonly artifacts: Artifacts
  readonly item: Item | undefined
  readonly branches: readonly Arrival[] | undefined
  /** Failures so far. */
  readonly failures: number
  readonly keeper: ItemKeeper
  /** Where the step goes when it does not say so itself. */
  readonly next: Transition | undefined
}

/** What an execution of a step came to. */
export interface Made {
  /** What it wrote, when the store has taken what is too large for a record. Encoded already. */
  readonly written: Promise<Readonly<Record<string, Slot>>>
  readonly transition: Transition | undefined
  /** Inherited artifacts that were read, `input` and `index` among them, and those of branches as `inputs.name`. */
  readonly reads: ReadonlySet<string>
  /** Artifacts that were merged from branches. */
  readonly merged: ReadonlySet<string>
  /** Registered codecs of what was read. */
  readonly codecs: ReadonlySet<Registered>
  readonly durationMs: number
}

/** Rejects with the user's own error when the step fails. Errors: MM4012, MM4013, MM4018, MM4024, MM4026. */
export async function attempt(options: AttemptOptions): Promise<Made> {
  const { graph, info, pool, artifacts, item, branches, failures, keeper } = options
  const loaded = await loadAll(pool, visible(artifacts, item, branches))
  const codecs = new Set<Registered>()
  const bytes: Bytes = (ref) => {
    const found = loaded(ref)
    for (const { codec } of codecsIn(found)) if (codec !== undefined) codecs.add(codec)
    return found
  }
  const merged = new Set<string>()
  let transition: Transition | undefined
  let calls = 0
  let over = false

  const task: TaskContext = {
    step: info.name,
    next(targets, foreach) {
      const targetNames = targets.map((target) => stepNameOf(graph, info.name, target))
      const taken: Transition = { targets: targetNames, ...(foreach === undefined ? {} : { foreach }) }
      if (over) throw wrongNext('MM4012', `went on to \`${tellTransition(taken)}\` after it had ended. Await what it starts.`)
      if (transition !== undefined)
        throw wrongNext(
          'MM4012',
          `goes on twice, to \`${tellTransition(transition)}\` and to \`${tellTransition(taken)}\`. Call \`this.next\` once, with all targets.`,
        )
      transition = taken
    },
    resumable: (items, work, resumable) => keeper.call(calls++, items, work, resumable),
    merge(inputs, merge) {
      const parted = inputs.map((input) => branchOf(input) ?? {})
      for (const name of mergeBranches({ workspace, branches: parted, fork: artifacts, options: merge, step: info.name })) merged.add(name)
    },
  }
  const workspace = furnish({ create: () => new graph.Flow(), artifacts, bytes, item, attempt: failures, task })
  const ofBranches = new Set<string>()
  const view = viewMaker(graph.Flow.prototype, bytes, (name) => ofBranches.add(ofBranch(name)))
  const inputs = branches === undefined ? [] : [joinInputs(branches, view)]
  const began = performance.now()
  await (workspace.flow as unknown as Record<string, StepInfo['method']>)[info.name]?.(...inputs)
  const durationMs = performance.now() - began
  over = true
  const made = checkTransition(transition)
  return {
    written: writeAll(workspace, pool),
    transition: made,
    reads: new Set([...workspace.reads, ...ofBranches]),
    merged,
    codecs,
    durationMs,
  }

  function wrongNext(code: string, what: string): MintmarkError {
    return new MintmarkError(code, `step \`${info.name}\` of ${graph.name} ${what}`)
  }

  function checkTransition(taken: Transition | undefined): Transition | undefined {
    const { next } = options
    if (info.name === 'end') {
      if (taken !== undefined)
        throw wrongNext('MM4026', `goes on to \`${tellTransition(taken)}\`. Nothing comes after \`end\`: remove its \`this.next(...)\`.`)
      return undefined
    }
    if (taken === undefined && next === undefined)
      throw wrongNext('MM4013', 'ended without saying where to go on. Call `this.next(this.<step>)` once on every path through it.')
    if (taken !== undefined && next !== undefined && taken.targets.join() !== next.targets.join())
      throw wrongNext(
        'MM4024',
        `goes on to \`${tellTransition(taken)}\`, but its \`next\` option says \`${tellTransition(next)}\`. Remove the option, or make them agree.`,
      )
    return taken ?? next
  }
}

function* visible(artifacts: Artifacts, item: Item | undefined, branches: readonly Arrival[] | undefined): Iterable<Slot> {
  yield* Object.values(artifacts)
  if (item !== undefined) yield item.slot
  for (const branch of branches ?? []) {
    yield* Object.values(branch.artifacts)
    if (branch.item !== undefined) yield branch.item.slot
  }
}

function joinInputs(branches: readonly Arrival[], view: ReturnType<typeof viewMaker>): FlowSpec[] {
  const inputs = branches.map(({ artifacts, item }) => view(artifacts, item))
  branches.forEach(({ names }, index) => {
    for (const name of names ?? []) if (!(name in inputs)) Object.defineProperty(inputs, name, { value: inputs[index] })
  })
  return inputs
}

async function writeAll(workspace: Workspace, pool: Pool): Promise<Record<string, Slot>> {
  const written: Record<string, Slot> = {}
  // All are encoded before anything is waited for, so that work left running cannot change one between two others.
  const writing = [...workspace.traces()].map(async ([name, trace]) => {
    const slot = trace.kind === 'taken' ? trace.slot : await pool.write(trace.value)
    return { name, slot, same: trace.kind === 'read' && slot.digest === trace.slot.digest }
  })
  for (const { name, slot, same } of await Promise.all(writing)) if (!same) written[name] = slot
  return written
}
