// What goes wrong around the steps of a run without being the fault of one: told once, or thrown when the run is strict.

import { MintmarkError } from './errors.js'
import type { FlowGraph } from './graph.js'
import { warnOnce } from './warnings.js'

export interface RunTrouble {
  /** A memoized step has no stamp. MM4001. */
  unstamped(graph: FlowGraph, step: string, strict: boolean): void
  /** A resumed run executes what has no stamp. MM4001. */
  unstampedResume(graph: FlowGraph): void
  /** A memoized step runs uncached. MM4002 to MM4004. */
  uncached(code: string, step: string, why: string, cause: unknown, strict: boolean): void
  /** An artifact is handed on alive. MM4003. */
  live(step: string, name: string, cause: unknown): void
  /** What a step wrote beside its `outputs`. MM4005. */
  dropped(step: string, name: string): void
  /** An item of `this.resumable` cannot be kept. MM4006. */
  unkept(step: string, cause: unknown): void
  /** The store failed: a miss, or nothing stored. */
  store(error: unknown, strict: boolean): void
}

/** Each is told once a run. */
export function openTrouble(): RunTrouble {
  const told = new Set<string>()

  function tell(code: string, subject: string, message: string, cause: unknown, strict: boolean): void {
    if (strict) throw cause instanceof MintmarkError && code === cause.code ? cause : new MintmarkError(code, message, { cause })
    if (told.has(`${code} ${subject}`)) return
    told.add(`${code} ${subject}`)
    warnOnce(code, message)
  }

  function unstamped({ name, stamp }: FlowGraph, what: string, strict: boolean): void {
    const why =
      stamp === 'other format' ? 'was compiled by another version of the mintmark plugin' : 'was compiled without the mintmark plugin'
    tell(
      'MM4001',
      name,
      `${name} ${why}, so ${what}. Add { "transform": "mintmark/transformer" } to \`compilerOptions.plugins\` of tsconfig.json and build with \`tspc\`.`,
      undefined,
      strict,
    )
  }

  return {
    unstamped: (graph, step, strict) => unstamped(graph, `its memoized steps (\`${step}\` first) are executed each time`, strict),
    unstampedResume: (graph) => unstamped(graph, 'a resumed run executes its steps again', false),
    uncached(code, step, why, cause, strict) {
      tell(code, step, `step \`${step}\` runs uncached: ${why}${because(cause)}. ${WAYS_OUT[code] ?? ''}`, cause, strict)
    },
    live(step, name, cause) {
      tell(
        'MM4003',
        step,
        `artifact \`${name}\` of step \`${step}\` has no stable bytes${because(cause)}. It is handed on alive within this process; a resumed run executes the step again.`,
        cause,
        false,
      )
    },
    dropped(step, name) {
      tell(
        'MM4005',
        `${step} ${name}`,
        `step \`${step}\` wrote \`${name}\`, which its \`outputs\` does not name: it ends with the task. Name it, or use a variable.`,
        undefined,
        false,
      )
    },
    unkept(step, cause) {
      tell(
        'MM4006',
        step,
        `an item of \`this.resumable\` in step \`${step}\` cannot be kept${because(cause)}. It is worked on again after a failure.`,
        cause,
        false,
      )
    },
    store(error, strict) {
      if (strict) throw error
      const code = error instanceof MintmarkError ? error.code : 'MM3000'
      if (told.has(code)) return
      told.add(code)
      warnOnce(
        code,
        error instanceof MintmarkError
          ? error.message.slice(code.length + 1)
          : `the store failed: ${String(error)}. The run goes on without it.`,
      )
    },
  }
}

const WAYS_OUT: Readonly<Record<string, string>> = {
  MM4002: 'Hand plain data on, or name the `inputs` that count.',
  MM4003: 'Hand plain data on, or leave it out with `outputs`.',
  MM4004: 'Name it in `inputs`, or compile the flow again.',
}

function because(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message})` : ''
}
