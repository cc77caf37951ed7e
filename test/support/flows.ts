// Runs flows and tells what was executed.

import type { FlowEvent } from '../../runtime/events.js'
import type { FlowSpec } from '../../runtime/flow.js'
import type { FlowClass } from '../../runtime/graph.js'
import { runFlow } from '../../runtime/main.js'
import type { RunOptions, RunResult } from '../../runtime/run.js'

export interface Told<Flow extends FlowSpec> {
  /** `start`, `work[0] hit`: every task in the order of finishing, with how it got its outputs unless it was executed. */
  readonly log: string[]
  readonly result: RunResult<Flow> | undefined
  readonly error: unknown
  readonly events: FlowEvent[]
}

export async function told<Flow extends FlowSpec>(Flow: FlowClass<Flow>, options: RunOptions<Flow> = {}): Promise<Told<Flow>> {
  const log: string[] = []
  const events: FlowEvent[] = []
  const onEvent = (event: FlowEvent) => {
    events.push(event)
    if (event.kind === 'task:done') log.push(event.how === 'run' ? event.task : `${event.task} ${event.how}`)
    if (event.kind === 'task:failed') log.push(`${event.task} failed`)
  }
  try {
    return { log, result: await runFlow(Flow, { maxWorkers: 1, ...options, onEvent }), error: undefined, events }
  } catch (error) {
    return { log, result: undefined, error, events }
  }
}

/** The same, for runs that must succeed. */
export async function ran<Flow extends FlowSpec>(
  Flow: FlowClass<Flow>,
  options: RunOptions<Flow> = {},
): Promise<{ readonly log: string[]; readonly artifacts: RunResult<Flow>['artifacts']; readonly events: FlowEvent[] }> {
  const { log, result, error, events } = await told(Flow, options)
  if (result === undefined) throw error
  return { log, artifacts: result.artifacts, events }
}
