// A flow's own command line: `node dist/flow.js run | resume | show`.

import { basename } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { MintmarkError } from '../runtime/errors.js'
import type { FlowSpec } from '../runtime/flow.js'
import { describe, type FlowClass, type FlowGraph } from '../runtime/graph.js'
import { MODES, type Mode } from '../runtime/mode.js'
import { parseParameter } from '../runtime/parameters.js'
import { type RunOptions, runOnce } from '../runtime/run.js'
import { defaultStore } from '../runtime/settings.js'
import { errorText } from '../runtime/trouble.js'
import { openProgress } from './progress.js'
import { onReaderGone } from './reader.js'
import { showGraph } from './show.js'
import { PLACE, pointToHelp, USAGE_ERRORS } from './usage.js'

interface Flags {
  readonly maxWorkers?: number
  readonly force?: boolean | string[]
  readonly mode?: Mode
  readonly store?: string
  readonly strict?: boolean
  readonly json?: boolean
}

const OWN_FLAGS = new Set(['maxWorkers', 'force', 'mode', 'store', 'strict', 'json', 'help'])

/** A run is worth more than what it prints. For good, since what is written last may come to nothing after the run. */
let isDeaf = false

/** Resolves to the exit code. */
export async function runCommandLine<Flow extends FlowSpec>(Flow: FlowClass<Flow>, argv: readonly string[]): Promise<number> {
  let code = 0
  if (!isDeaf) onReaderGone(() => {})
  isDeaf = true
  try {
    const graph = describe(Flow)
    const program = new Command(`node ${basename(process.argv[1] ?? 'flow.js')}`)
      .description(`The flow ${graph.name}.`)
      .exitOverride()
      .configureOutput(USAGE_ERRORS)
    const go = async (flags: Flags, resume: string | true | undefined) => {
      code = await execute(graph, flags, resume)
    }
    withFlags(program.command('run').description('run the flow; memoized steps that are known are skipped'), graph).action((flags) =>
      go(flags, undefined),
    )
    withFlags(
      program
        .command('resume')
        .description('run what a failed or interrupted run left undone')
        .argument('[runId]', 'default: the last run that failed or was interrupted'),
      graph,
    ).action((runId: string | undefined, flags) => go(flags, runId ?? true))
    program
      .command('show')
      .description('show the steps and the parameters')
      .option('--json', 'as JSON')
      .action(({ json }) => {
        process.stdout.write(showGraph(graph, json === true))
      })
    pointToHelp(program)
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof MintmarkError)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.code.startsWith('MM3') ? 3 : 2
  }
  return code
}

function withFlags(command: Command, { name: flow, parameters }: FlowGraph): Command {
  command
    .option('--max-workers <n>', 'steps executed at a time (default: the number of processors)', wholeNumber)
    .option('--force [steps...]', 'execute these memoized steps, or all, and replace their results')
    .option('--mode <mode>', MODES.join(', '), mode)
    .option('--store <place>', `where results and run records are kept: ${PLACE}`)
    .option('--strict', 'trouble that would let steps run uncached is an error')
    .option('--json', 'print a summary on standard output, and what the steps print on standard error')
  for (const parameter of parameters.values()) {
    const { name, type, help, required } = parameter
    if (OWN_FLAGS.has(name))
      throw new MintmarkError('MM5016', `${flow} has a parameter \`${name}\`, which is a flag of every flow. Rename it.`)
    const initial = required ? 'required' : `default: ${JSON.stringify(parameter.default)}`
    const parse = (text: string) => parseParameter(parameter, text)
    command.option(`--${name} ${type === 'boolean' ? '[boolean]' : `<${type}>`}`, `${help}${help && ' '}(${initial})`, parse)
  }
  return command
}

async function execute<Flow extends FlowSpec>(graph: FlowGraph<Flow>, flags: Flags, resume: string | true | undefined): Promise<number> {
  const { maxWorkers, force, mode, store, strict, json } = flags
  // This process is the run's own: the memoized functions that its steps call are to heed the flags, too.
  if (store !== undefined) process.env.MINTMARK_STORE = store
  if (mode !== undefined) process.env.MINTMARK_MODE = mode
  if (strict) process.env.MINTMARK_STRICT = '1'
  const given = Object.entries(flags).filter(([name]) => graph.parameters.has(name))
  const options: RunOptions = {
    parameters: Object.fromEntries(given),
    ...(maxWorkers === undefined ? {} : { maxWorkers }),
    ...(force === undefined ? {} : { force }),
    ...(mode === undefined ? {} : { mode }),
    ...(store === undefined ? {} : { store: defaultStore() }),
    ...(strict === undefined ? {} : { strict }),
    ...(resume === undefined ? {} : { resume }),
  }
  const interrupt = new AbortController()
  const output = json ? reserveOutput() : undefined
  const progress = openProgress(process.stderr)
  let began = false
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort()
    progress.say('interrupted: waiting for the tasks under way; once more to stop at once')
  }
  process.on('SIGINT', onSignal)
  try {
    await runOnce(graph.Flow as FlowClass, {
      ...options,
      signal: interrupt.signal,
      onEvent(event) {
        if (event.kind === 'run:start') began = true
        progress.show(event)
        if (event.kind === 'run:end' && output !== undefined) {
          const { flow, run, status, counts, durationMs, error } = event
          const message = error === undefined ? {} : { error: error instanceof Error ? error.message : errorText(error) }
          output.write(`${JSON.stringify({ flow, run, status, counts, durationMs, ...message })}\n`)
        }
      },
    })
    return 0
  } catch (error) {
    if (!began) throw error
    const code = error instanceof MintmarkError ? error.code : ''
    if (code === 'MM4020') return 130
    process.stderr.write(`${error instanceof Error ? (code === '' ? error.stack : error.message) : errorText(error)}\n`)
    return code.startsWith('MM3') ? 3 : 1
  } finally {
    progress.close()
    output?.release()
    process.off('SIGINT', onSignal)
  }
}

/** Keeps standard output for the one who asks, and sends what everyone else writes to it to standard error. */
function reserveOutput(): { readonly write: (text: string) => void; readonly release: () => void } {
  const { stdout, stderr } = process
  const write = stdout.write
  stdout.write = ((...args: Parameters<typeof write>) => stderr.write(...args)) as typeof write
  return {
    write: (text) => write.call(stdout, text),
    release() {
      stdout.write = write
    },
  }
}

function wholeNumber(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It needs a whole number from 1.')
}

function mode(text: string): Mode {
  if ((MODES as readonly string[]).includes(text)) return text as Mode
  throw new InvalidArgumentError(`The modes are ${MODES.join(', ')}.`)
}
