// `main(MyFlow)`: the last line of a flow's file gives it a command line. All of that is loaded on the call, so that importing the
// run time costs nothing for it. This is the one place where the run time reaches for cli/.

import type { FlowSpec } from './flow.js'
import type { FlowClass } from './graph.js'

/**
 * Runs the flow's command line: `run`, `resume [runId]`, `show`, `--help`. Sets `process.exitCode`: 0 ok, 1 a step failed, 2 usage or
 * configuration, 3 store trouble under strict, 130 interrupted.
 */
export async function main<Flow extends FlowSpec>(Flow: FlowClass<Flow>, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const { runCommandLine } = await import('../cli/flow.js')
  process.exitCode = await runCommandLine(Flow, argv)
}
