// Which tasks of a run are ready: where each task goes on to says what comes next. Tasks of a foreach are made one by one when there is
// room for them, and the tasks that follow an item go before the next item, so what waits stays small.

import { type Artifacts, loadAll, readSlot } from './artifacts.js'
import type { Transition } from './contract.js'
import { drain } from './engines/local.js'
import { MintmarkError } from './errors.js'
import { arrive, type Fan, type Frame, itemOf, openFan, tellPlace } from './fan.js'
import { joinOf, type StepInfo } from './graph.js'
import { isLost } from './lost.js'
import { type Outcome, perform, type Task, type TaskShop } from './task.js'
import { errorText } from './trouble.js'

export interface Scheduled {
  /** What `end` left; `undefined` when the run did not get there. */
  readonly artifacts: Artifacts | undefined
  /** The first thing that was thrown. */
  readonly failure: { readonly error: unknown } | undefined
  /** What says that something is lost; then there are no artifacts, and what was lost can be made by going through the tasks again. */
  readonly loss: unknown
}

/** Runs every task that can run. One that fails keeps back what depends on it and nothing else. */
export async function schedule(shop: TaskShop, initial: Artifacts): Promise<Scheduled> {
  const { graph, journal, emit, signal } = shop
  /** The last one is taken first. */
  const ready: Task[] = []
  /** Fans whose branches are not all taken yet, the innermost last. */
  const opening: { readonly fan: Fan; next: number }[] = []
  const visits = new Map<string, number>()
  let artifacts: Artifacts | undefined
  let failure: Scheduled['failure']
  let loss: unknown

  begin('start', initial, undefined, undefined)
  await drain({ take, perform: work, limit: shop.slots.count, ahead: shop.slots })
  return { artifacts, failure, loss }

  function begin(step: string, seen: Artifacts, frame: Frame | undefined, branches: Task['branches']): void {
    emit({ kind: 'tasks:ahead', step, count: 1 })
    ready.push(taskOf(stepOf(step), seen, frame, branches))
  }

  function taskOf(info: StepInfo, seen: Artifacts, frame: Frame | undefined, branches: Task['branches']): Task {
    const place = `${info.name}${tellPlace(frame)}`
    // A step that is come back to is another task each time.
    const visit = visits.get(place) ?? 0
    visits.set(place, visit + 1)
    return { id: visit === 0 ? place : `${place}#${visit}`, info, frame, artifacts: seen, branches }
  }

  function take(): Task | undefined {
    if (signal.aborted) return undefined
    const task = ready.pop()
    if (task !== undefined) return task
    const open = opening.at(-1)
    if (open === undefined) return undefined
    const { fan } = open
    const index = open.next++
    if (open.next >= fan.count) opening.pop()
    return taskOf(stepOf(fan.targets[index] ?? (fan.targets[0] as string)), fan.artifacts, { fan, index }, undefined)
  }

  async function work(task: Task): Promise<void> {
    try {
      const outcome = await perform(shop, task)
      if (outcome !== undefined) await goOn(task, outcome)
      await journal.beat()
    } catch (error) {
      if (shop.goesAgain && isLost(error)) {
        loss ??= error
        return
      }
      failure ??= { error }
      journal.add({
        id: task.id,
        step: task.info.name,
        kind: 'failed',
        outputs: {},
        started: Date.now(),
        durationMs: 0,
        error: errorText(error),
      })
      emit({ kind: 'task:failed', task: task.id, step: task.info.name, error })
    }
  }

  async function goOn(task: Task, { artifacts: seen, transition }: Outcome): Promise<void> {
    const { info, frame } = task
    if (transition === undefined) {
      if (frame !== undefined)
        throw wrong(task, 'MM4021', `was reached from a branch that \`${frame.fan.opener}\` opened. Let the branches meet in a join first.`)
      artifacts = seen
      return
    }
    const { targets, foreach } = transition
    const [first] = targets
    if (foreach === undefined && targets.length === 1 && first !== undefined) {
      if (!stepOf(first).joins) return begin(first, seen, frame, undefined)
      if (frame === undefined)
        throw wrong(
          task,
          'MM4019',
          `goes on to the join \`${first}\`, but no branches are open. Open some with \`foreach\` or several targets, or remove the join's parameter.`,
        )
      const { fan } = frame
      const names = fan.itemAt === undefined ? [info.name, fan.targets[frame.index] as string] : undefined
      if (arrive(frame, first, { artifacts: seen, item: await itemOf(frame), names })) join(fan, first)
      return
    }
    const joining = targets.find((target) => stepOf(target).joins)
    if (joining !== undefined) throw wrong(task, 'MM4025', `opens branches that begin with the join \`${joining}\`. Put a step between.`)
    const items = foreach === undefined ? undefined : await itemsOf(task, seen, foreach)
    const fan = openFan({ opener: info.name, targets, artifacts: seen, outer: frame, items, pool: shop.pool })
    for (const target of targets) emit({ kind: 'tasks:ahead', step: target, count: items?.length ?? 1 })
    if (fan.count > 0) opening.push({ fan, next: 0 })
    else joinNothing(task, fan, transition)
  }

  function join(fan: Fan, step: string): void {
    begin(step, fan.artifacts, fan.outer, fan.arrivals as NonNullable<(typeof fan.arrivals)[number]>[])
  }

  function joinNothing(task: Task, fan: Fan, { targets, foreach }: Transition): void {
    const step = joinOf(graph, targets[0] as string)
    if (step === undefined)
      throw wrong(
        task,
        'MM4023',
        `goes over \`${foreach}\`, which is empty, and its join cannot be told. Compile the flow with the mintmark plugin, or do not open a foreach over nothing.`,
      )
    join(fan, step)
  }

  async function itemsOf(task: Task, seen: Artifacts, foreach: string): Promise<unknown[]> {
    const slot = Object.hasOwn(seen, foreach) ? seen[foreach] : undefined
    const value = slot === undefined ? undefined : readSlot(slot, await loadAll(shop.pool, [slot]))
    if (typeof value === 'object' && value !== null && Symbol.iterator in value) return [...(value as Iterable<unknown>)]
    const shown = slot === undefined ? 'is not set' : `is ${value === null ? 'null' : `a ${typeof value}`}`
    throw wrong(task, 'MM4014', `goes over \`${foreach}\`, which ${shown} and has no items. Set it to an array before.`)
  }

  function stepOf(name: string): StepInfo {
    const info = graph.steps.get(name)
    if (info !== undefined) return info
    throw new MintmarkError('MM4011', `${graph.name} has no step \`${name}\`. Mark the method with \`@step\`.`)
  }

  function wrong({ id }: Task, code: string, what: string): MintmarkError {
    return new MintmarkError(code, `step \`${id}\` of ${graph.name} ${what}`)
  }
}
