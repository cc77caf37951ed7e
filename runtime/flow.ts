// What a user extends: a flow. Its fields are artifacts, its `@step` methods are steps. One instance lives for one task; whatever
// outlives the task travels as artifacts. Everything here hands over to the task that the instance serves (task.ts).

import { MintmarkError } from './errors.js'

/** What a join receives: one flow for each branch, in order; after a fan-out also by the name of the branch's last or first step. */
export type Inputs<Flow> = readonly Flow[] & { readonly [branch: string]: Flow }

/** A method that can be a step: it takes nothing, or the inputs of a join. */
export type StepMethod<Flow> = (inputs: Inputs<Flow>) => unknown

/** Names of the artifacts of a flow: its public fields; and `input` and `index`, which count as inputs like artifacts. */
export type ArtifactName<Flow> = { [Name in keyof Flow & string]: Flow[Name] extends Method ? IfAny<Flow[Name], Name> : Name }[Exclude<
  keyof Flow & string,
  'attempt'
>]
type Method = (...args: any[]) => unknown
type IfAny<Type, Then> = 0 extends 1 & Type ? Then : never

/** What a foreach goes over. */
export type Items = Iterable<unknown> & object

export interface ForeachOptions<Name extends string> {
  /** The artifact whose items become tasks. */
  readonly foreach: Name
}

export interface ResumableOptions {
  /** How many items are worked on at a time. Default 1. */
  readonly concurrency?: number
}

export interface MergeOptions<Name extends string> {
  /** Only these artifacts. Default all. */
  readonly include?: readonly Name[]
  /** Not these artifacts. */
  readonly exclude?: readonly Name[]
}

/** What a task does for the instance that serves it. */
export interface TaskContext {
  readonly step: string
  next(targets: readonly unknown[], foreach: string | undefined): void
  resumable(items: Iterable<unknown>, work: (item: never, index: number) => unknown, options: ResumableOptions): Promise<unknown[]>
  merge(inputs: readonly unknown[], options: MergeOptions<string>): void
}

export let attachTask: (flow: FlowSpec, task: TaskContext) => void
export let taskOf: (value: unknown) => TaskContext | undefined

export abstract class FlowSpec {
  /** The item of the innermost foreach that this task is in; `undefined` outside. Narrow it with `declare input: number`. */
  declare readonly input: any
  /** The position of `input` in its foreach, from 0; `undefined` outside. */
  declare readonly index: number
  /** How often this task has failed before: 0 at first, more under `@retry`. */
  declare readonly attempt: number
  #task: TaskContext | undefined

  static {
    attachTask = (flow, task) => {
      flow.#task = task
    }
    taskOf = (value) => (typeof value === 'object' && value !== null && #task in value ? value.#task : undefined)
  }

  /** Goes on to one task of `target` for each item of the artifact named, and waits for them all at the join. Errors: MM4010, MM4011. */
  next<const Name extends string>(this: Record<NoInfer<Name>, Items>, target: StepMethod<this>, options: ForeachOptions<Name>): void
  /** Goes on to the next step; with several, to all of them at once, until they meet in a join. Called exactly once by every step but `end`. Errors: MM4010. */
  next(...targets: [StepMethod<this>, ...StepMethod<this>[]]): void
  next(...args: unknown[]): void {
    const last = args.at(-1)
    const task = serving(this, 'next')
    if (typeof last === 'object' && last !== null) task.next(args.slice(0, -1), (last as ForeachOptions<string>).foreach)
    else task.next(args, undefined)
  }

  /**
   * Works on every item and returns the results in the order of the items. What is finished is kept: a retry of this step, or a resumed
   * run, works only on the rest, as long as the step's code, the task's inputs and the item are the same.
   * When an item fails, no further item is started, those under way are finished and kept, and the error is thrown on.
   */
  resumable<Item, Result>(
    items: Iterable<Item>,
    work: (item: Item, index: number) => Result | Promise<Result>,
    options: ResumableOptions = {},
  ): Promise<Result[]> {
    return serving(this, 'resumable').resumable(items, work, options) as Promise<Result[]>
  }

  /**
   * In a join: takes over what the branches changed, as a three-way merge does. An artifact that no branch changed stays as it was where
   * they parted; one that was changed to one value, by one branch or by several, takes that value; one that was changed to different values
   * must be set before, or excluded. Artifacts that this task has set itself stay. Errors: MM4018 names those that were changed differently.
   */
  mergeArtifacts(inputs: readonly FlowSpec[], options: MergeOptions<keyof this & string> = {}): void {
    serving(this, 'mergeArtifacts').merge(inputs, options)
  }
}

function serving(flow: unknown, what: string): TaskContext {
  const task = taskOf(flow)
  if (task !== undefined) return task
  throw new MintmarkError(
    'MM4017',
    `\`${what}\` was called outside a run. Only a step that a run executes can call it: start the flow with \`runFlow\`.`,
  )
}
