// The tasks of a run, gone through until nothing that they need is lost.

import { type Artifacts, type Bytes, loadAll } from './artifacts.js'
import type { FlowListener } from './events.js'
import { readTasks, type TaskRecord } from './journal.js'
import { type Scheduled, schedule } from './schedule.js'
import type { TaskShop } from './task.js'
import { tellLoss } from './trouble.js'

/** Of going through the tasks, when time and again something is lost. */
const MOST_ROUNDS = 3

/**
 * Goes through the tasks. When someone deleted what they need from the store meanwhile, once more: what is whole is taken over from the round before, as a
 * resumed run does, and what is lost is made again. `bytes`: those of the artifacts.
 */
export async function untilWhole(
  first: TaskShop,
  run: string,
  initial: Artifacts,
  again: () => Promise<Artifacts>,
): Promise<Scheduled & { readonly bytes?: Bytes }> {
  const { graph, store, pool, journal } = first
  let shop = first
  let artifacts = initial
  for (let round = 1; ; round++) {
    const goesAgain = first.goesAgain && round < MOST_ROUNDS
    const scheduled = await schedule({ ...shop, goesAgain }, artifacts)
    let { loss } = scheduled
    if (scheduled.artifacts !== undefined && goesAgain)
      try {
        return { ...scheduled, bytes: await loadAll(pool, Object.values(scheduled.artifacts)) }
      } catch (error) {
        loss = error
      }
    if (loss === undefined || scheduled.failure !== undefined) return scheduled
    tellLoss(graph.name, loss)
    await journal.flush()
    const done = await readTasks(store, graph.name, run).catch(() => new Map<string, TaskRecord>())
    // What was forced was made in the first round, and what that took counts as taken.
    const emit: FlowListener = (event) =>
      first.emit(event.kind === 'task:done' && event.how === 'resumed' ? { ...event, durationMs: 0 } : event)
    shop = { ...first, forced: new Set(), origin: new Map([...first.origin, ...done]), emit }
    artifacts = await again()
  }
}
