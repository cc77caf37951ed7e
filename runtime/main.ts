// What a program calls to run flows and to look at past runs. The machinery behind is loaded on the call, so that a program that only
// defines flows does not pay for it. This is the one place where the run time reaches for cli/.

import type { PastRun, PastRunsOptions } from './client.js'
import type { FlowSpec } from './flow.js'
import type { FlowClass } from './graph.js'
import type { RunOptions, RunResult } from './run.js'

/**
 * Runs the flow's command line: `run`, `resume [runId]`, `show`, `--help`. Sets `process.exitCode`: 0 ok, 1 a step failed, 2 usage or
 * configuration, 3 store trouble under strict, 130 interrupted.
 */
export async function main<Flow extends FlowSpec>(Flow: FlowClass<Flow>, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const { runCommandLine } = await import('../cli/flow.js')
  process.exitCode = await runCommandLine(Flow, argv)
}

/**
 * Runs a flow in this process. When a step fails, the other branches go on as far as they can, then its own error is thrown on.
 * Errors: MM4010 to MM4026, MM5010 to MM5015; MM4020 when it was interrupted.
 */
export async function runFlow<Flow extends FlowSpec>(Flow: FlowClass<Flow>, options: RunOptions<Flow> = {}): Promise<RunResult<Flow>> {
  const { runOnce } = await import('./run.js')
  return runOnce(Flow, options)
}

/** The runs of a flow, newest first. `store` defaults to the flow's own, else the folder `.mintmark`. */
export async function* pastRuns(flow: FlowClass | string, options: PastRunsOptions = {}): AsyncGenerator<PastRun> {
  const { readRuns } = await import('./client.js')
  yield* readRuns(flow, options)
}
