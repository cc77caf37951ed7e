// What goes wrong around the steps of a run without being the fault of one: told once, or thrown under strict. `step` is `Flow.step`.

import { ADD_THE_PLUGIN, MintmarkError } from './errors.js'
import type { FlowGraph } from './graph.js'
import type { Store } from './store.js'
import { isHushed, warnOnce } from './warnings.js'

/** MM4001: a step has no stamp, and so this happens to it. */
export function tellUnstamped({ name, stamp }: FlowGraph, consequence: string, strict: boolean): void {
  const why =
    stamp === 'other format' ? 'was compiled by another version of the mintmark plugin' : 'was compiled without the mintmark plugin'
  const message = `${name} ${why}, so ${consequence}. ${ADD_THE_PLUGIN}`
  if (strict) throw new MintmarkError('MM4001', message)
  warnOnce('MM4001', message, name)
}

const WAYS_OUT = {
  MM4002: 'Hand plain data on, or name the `inputs` that count.',
  MM4003: 'Hand plain data on, or leave it out with `outputs`.',
  MM4004: 'Name it in `inputs`, or compile the flow again.',
  MM4034: 'Annotate the field that holds it with the class, or give the codec a `version`.',
  MM4035: 'Change a copy of it.',
  MM4030: 'Return the value instead.',
  MM4033: 'Keep it in a public field, or pass it as an argument.',
}

/**
 * What is memoized runs uncached: an input has no bytes (MM4002), an output has none (MM4003), its key did not hold all that it read (MM4004, MM4034),
 * or an input was changed under it (MM4035); or a method writes fields, which a hit would not do (MM4030), or reads private ones that no key can hold (MM4033).
 */
export function tellUncached(code: keyof typeof WAYS_OUT, step: string, why: string, cause: unknown, strict: boolean): void {
  const message = `step \`${step}\` runs uncached: ${why}${because(cause)}. ${WAYS_OUT[code]}`
  if (strict) throw new MintmarkError(code, message, { cause })
  warnOnce(code, message, step)
}

/** MM4003: an artifact of a step that is not memoized is handed on alive. */
export function tellLive(step: string, name: string, cause: unknown): void {
  const message = `artifact \`${name}\` of step \`${step}\` has no stable bytes${because(cause)}. It is handed on alive within this process; a resumed run executes the step again.`
  warnOnce('MM4003', message, step)
}

/** MM4005: what a step wrote beside its `outputs`. */
export function tellDropped(step: string, name: string): void {
  warnOnce(
    'MM4005',
    `step \`${step}\` wrote \`${name}\`, which its \`outputs\` does not name: it ends with the task. Name it, or use a variable.`,
  )
}

/** MM4006: an item of `this.resumable`, or its result, has no bytes. */
export function tellUnkept(step: string, cause: unknown): void {
  const message = `an item of \`this.resumable\` in step \`${step}\` cannot be kept${because(cause)}. It is worked on again after a failure.`
  warnOnce('MM4006', message, step)
}

/** MM4027: something that the tasks of a flow need was deleted meanwhile. */
export function tellLoss(flow: string, loss: unknown): void {
  const why = loss instanceof MintmarkError ? loss.message.slice(loss.code.length + 1) : String(loss)
  const [what] = why.split(/(?<=\w)\. /)
  warnOnce(
    'MM4027',
    `something that ${flow} needs is gone, and is made again: ${what}. Leave the store alone while runs are under way.`,
    flow,
  )
}

/** The store failed to do this: nothing is stored, or what is stored is not found. */
export function tellStore(error: unknown, doing: string, store: Store, strict: boolean): void {
  if (strict) throw error
  if (isHushed(error)) return
  const [code, why] = error instanceof MintmarkError ? [error.code, error.message.slice(error.code.length + 1)] : ['MM3000', String(error)]
  // The same words as entry.ts has, so that the two are one warning.
  warnOnce(code, `cannot ${doing} the store ${store.name}: ${why} The run goes on without.`, `${doing} ${store.name}`)
}

/** One text for whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return String(error)
  } catch {
    return 'something that has no text'
  }
}

function because(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message.replace(/\.$/, '')})` : ''
}
