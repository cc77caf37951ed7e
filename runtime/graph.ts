// What a flow is, before any run: its steps, its parameters, and where each step goes as far as the stamps tell.

import { type ClassStamp, FORMAT, STAMP, type StepStamp, type Transition } from './contract.js'
import { type MethodNotes, notesOfClass } from './decorators.js'
import { MintmarkError } from './errors.js'
import type { FlowSpec } from './flow.js'
import type { FlowStatics } from './options.js'
import { type Parameter, parametersOf } from './parameters.js'

export type FlowClass<Flow extends FlowSpec = FlowSpec> = (new () => Flow) & FlowStatics

export interface StepInfo {
  readonly name: string
  readonly method: (...args: unknown[]) => unknown
  readonly notes: MethodNotes
  readonly joins: boolean
  /** Absent when the class was not compiled with the plugin, or by one of another format. */
  readonly stamp: StepStamp | undefined
}

export interface FlowGraph<Flow extends FlowSpec = FlowSpec> {
  readonly name: string
  readonly Flow: FlowClass<Flow>
  /** An instance whose fields hold their initial values. */
  readonly sample: Flow
  readonly steps: ReadonlyMap<string, StepInfo>
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly stamp: 'good' | 'missing' | 'other format'
}

/** Reads a flow class and checks what can be checked before a run. Errors: MM4010, MM4011, MM4019, MM4026, MM4032. */
export function describe<Flow extends FlowSpec>(Flow: FlowClass<Flow>): FlowGraph<Flow> {
  const sample = new Flow()
  const prototype = Flow.prototype as Record<string, StepInfo['method']>
  const baked = stampOf(Flow)
  const flow = nameOf(Flow)
  const stamp = baked?.kind !== 'class' ? 'missing' : baked.format === FORMAT ? 'good' : 'other format'
  const steps = new Map<string, StepInfo>()
  for (const [name, notes] of notesOfClass(prototype)) {
    const method = prototype[name]
    if (typeof method !== 'function') continue
    if (!notes.step)
      throw new MintmarkError(
        'MM4032',
        `\`${name}\` of ${flow} is decorated like a step and is none. Add \`@step\`, or move what it does to a function: \`memoize(fn)\`.`,
      )
    const own = stamp === 'good' && baked && Object.hasOwn(baked.steps, name) ? baked.steps[name] : undefined
    steps.set(name, { name, method, notes, stamp: own, joins: own?.joins ?? method.length > 0 })
  }
  const graph: FlowGraph<Flow> = { name: flow, Flow, sample, steps, parameters: parametersOf(sample), stamp }
  check(graph)
  return graph
}

/** What its runs are kept under: the name of the class in the sources, where a stamp tells it. Minifiers and bundlers give classes other names. */
export function nameOf(Flow: FlowClass): string {
  const [step] = Object.values(stampOf(Flow)?.steps ?? {})
  return /([^.#*]+)\.[^.#]+$/.exec(step?.id ?? '')?.[1] ?? (Flow.name || 'Flow')
}

function stampOf(Flow: FlowClass): ClassStamp | undefined {
  return Object.hasOwn(Flow, STAMP) ? (Flow as unknown as { [STAMP]: ClassStamp })[STAMP] : undefined
}

/** Where a step can go as far as is known before a run; `undefined` when nothing is known. */
export function targetsOf({ stamp }: StepInfo): readonly string[] | undefined {
  return stamp?.targets ?? stamp?.next?.targets
}

/** The join at which the tasks of a foreach over `step` meet, if the stamps tell. */
export function joinOf(graph: FlowGraph, step: string): string | undefined {
  const seen = new Set<string>()
  const ahead: [name: string, depth: number][] = [[step, 1]]
  for (const [name, depth] of ahead) {
    const next = graph.steps.get(name)?.stamp?.next
    if (next === undefined || seen.has(name)) continue
    seen.add(name)
    const opens = next.foreach !== undefined || next.targets.length > 1
    for (const target of next.targets) {
      const joins = graph.steps.get(target)?.joins === true
      if (joins && depth === 1 && !opens) return target
      ahead.push([target, depth + (opens ? 1 : 0) - (joins ? 1 : 0)])
    }
  }
  return undefined
}

/** The step that a function handed to `next` is. Error: MM4011. */
export function stepNameOf(graph: FlowGraph, from: string, target: unknown): string {
  for (const { name, method } of graph.steps.values()) if (method === target) return name
  const shown = typeof target === 'function' && target.name ? `\`${target.name}\`` : `a ${typeof target}`
  throw new MintmarkError(
    'MM4011',
    `step \`${from}\` of ${graph.name} goes on to ${shown}, which is no step of the flow. Mark the method with \`@step\`.`,
  )
}

/** One line a transition: `work, other`, `work for each of list`. */
export function tellTransition({ targets, foreach }: Transition): string {
  return targets.join(', ') + (foreach === undefined ? '' : ` for each of ${foreach}`)
}

function check(graph: FlowGraph): void {
  const { name: flow, steps } = graph
  for (const name of ['start', 'end'])
    if (!steps.has(name))
      throw new MintmarkError(
        'MM4010',
        `${flow} has no step \`${name}\`. Every flow begins with a method \`start\` and finishes with \`end\`, both marked \`@step\`.`,
      )
  if (steps.get('start')?.joins)
    throw new MintmarkError('MM4010', `\`start\` of ${flow} takes inputs, but nothing comes before it. Remove its parameter.`)
  const reached = new Set<string>()
  let complete = true
  for (const info of steps.values()) {
    const targets = targetsOf(info)
    const chosen = info.notes.memoize?.next
    if (targets === undefined && info.name !== 'end') complete = false
    for (const target of [...(targets ?? []), ...(chosen === undefined ? [] : typeof chosen === 'string' ? [chosen] : chosen)]) {
      reached.add(target)
      if (info.name === 'end')
        throw new MintmarkError(
          'MM4026',
          `\`end\` of ${flow} goes on to \`${target}\`. Nothing comes after \`end\`: remove its \`this.next(...)\`.`,
        )
      if (!steps.has(target))
        throw new MintmarkError(
          'MM4011',
          `step \`${info.name}\` of ${flow} goes on to \`${target}\`, which is no step of the flow. Mark the method with \`@step\`.`,
        )
    }
  }
  for (const { name, joins } of steps.values())
    if (complete && joins && !reached.has(name))
      throw new MintmarkError(
        'MM4019',
        `step \`${name}\` of ${flow} takes inputs, but no step goes on to it. Lead the branches to it with \`this.next(this.${name})\`.`,
      )
}
