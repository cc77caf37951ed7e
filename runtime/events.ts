// What a run tells while it goes: the progress display, tests and users' own reports listen to the same events.

import type { RunStatus } from './journal.js'

/** `run`: executed. `hit`: a stored result was taken. `resumed`: taken over from the run that this one resumes. */
export type TaskKind = 'run' | 'hit' | 'resumed'

export interface RunCounts {
  readonly run: number
  readonly hit: number
  readonly resumed: number
  readonly failed: number
  /** What the executions took that this run could skip, in milliseconds. */
  readonly savedMs: number
}

export type FlowEvent =
  | { readonly kind: 'run:start'; readonly flow: string; readonly run: string; readonly resumes: string | undefined }
  /** So many tasks of a step are sure to come. */
  | { readonly kind: 'tasks:ahead'; readonly step: string; readonly count: number }
  /** Its execution begins. A hit has no start. */
  | { readonly kind: 'task:start'; readonly task: string; readonly step: string }
  | { readonly kind: 'task:retry'; readonly task: string; readonly step: string; readonly failures: number; readonly error: unknown }
  | {
      readonly kind: 'task:done'
      readonly task: string
      readonly step: string
      readonly how: TaskKind
      /** Of the execution, in milliseconds: of this one, or of the one that need not be repeated. */
      readonly durationMs: number
    }
  | { readonly kind: 'task:failed'; readonly task: string; readonly step: string; readonly error: unknown }
  /** The run is over but for so many puts that wait for a store which is written behind. */
  | { readonly kind: 'store:flush'; readonly store: string; readonly pending: number }
  /** What became of the puts behind since this was last told. */
  | { readonly kind: 'store:flushed'; readonly store: string; readonly written: number; readonly failed: number }
  | {
      readonly kind: 'run:end'
      readonly flow: string
      readonly run: string
      readonly status: RunStatus
      readonly counts: RunCounts
      readonly durationMs: number
      readonly error: unknown
    }

export type FlowListener = (event: FlowEvent) => void
