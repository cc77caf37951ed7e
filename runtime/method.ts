// `@memoize` on a method outside of flows: its direct calls are memoized like those of a function. Beside the arguments, the fields of
// `this` that it reads count. A method that writes fields cannot be skipped, since a hit would not write them.

import { inputDigest } from './codec.js'
import { type ClassStamp, FORMAT, type FunctionStamp, STAMP, type StepStamp } from './contract.js'
import { MintmarkError } from './errors.js'
import { memoizeFunction } from './memoize.js'
import type { StepMemoizeOptions } from './options.js'
import { strictByEnvironment } from './settings.js'
import { tellUncached } from './trouble.js'

type AnyMethod = (...args: any[]) => unknown

/** What is thrown past the memoization, so that a result is handed over and not stored. */
interface Veto {
  readonly result: unknown
}

/** What to call in place of `method`, with the arguments as an array. */
export function memoizeMethod(method: AnyMethod, name: string, options: StepMemoizeOptions): (this: any, args: unknown[]) => unknown {
  const { inputs, outputs: _outputs, next: _next, ...shared } = options
  const vetoes = new WeakSet<object>()

  return async function (this: any, args) {
    const owner = typeof this === 'function' ? this : Object(this).constructor
    const label = `${owner?.name}.${name}`
    const stamp = stampOf(owner, name)
    const [hidden] = stamp?.hidden ?? []
    if (hidden !== undefined) {
      tellUncached(
        'MM4033',
        label,
        `it reads \`this.${hidden}\`, whose value no key can hold`,
        undefined,
        options.strict ?? strictByEnvironment(),
      )
      return method.apply(this, args)
    }
    const fields = stamp?.reads ?? Object.keys(this)
    const captures = () => Object.fromEntries((inputs ?? fields).filter((field) => field in this).map((field) => [field, this[field]]))

    const run = async (...given: unknown[]) => {
      const before = snapshot(this, stamp)
      const promise = method.apply(this, given) as PromiseLike<unknown> | undefined
      if (typeof promise?.then !== 'function')
        throw new MintmarkError(
          'MM4031',
          `\`${label}\` is memoized but not async, and a stored result takes a moment to read. Make it async.`,
        )
      const result = await promise
      const written = differing(before, snapshot(this, stamp))
      if (stamp === undefined || written === undefined) return result
      tellUncached('MM4030', label, `it writes \`this.${written}\``, undefined, options.strict ?? strictByEnvironment())
      const veto: Veto = { result }
      vetoes.add(veto)
      throw veto
    }
    Object.defineProperty(run, 'name', { value: label })
    const baked: FunctionStamp | undefined = stamp && {
      kind: 'function',
      format: FORMAT,
      id: stamp.id,
      fingerprint: stamp.fingerprint,
      captures,
      ...(stamp.classes && { classes: stamp.classes }),
    }
    let ran = false
    const once = Object.assign(
      (...given: unknown[]) => {
        ran = true
        return run(...given)
      },
      baked && { [STAMP]: baked },
    )
    Object.defineProperty(once, 'name', { value: label })
    try {
      return await memoizeFunction(once, shared)(...args)
    } catch (error) {
      if (typeof error !== 'object' || error === null || !vetoes.has(error)) throw error
      // Another call's run was waited for, and what that one wrote is not written here.
      return ran ? (error as Veto).result : method.apply(this, args)
    }
  }
}

function stampOf(owner: any, name: string): StepStamp | undefined {
  const baked: ClassStamp | undefined = typeof owner === 'function' && Object.hasOwn(owner, STAMP) ? owner[STAMP] : undefined
  return baked?.kind === 'class' && baked.format === FORMAT && Object.hasOwn(baked.steps, name) ? baked.steps[name] : undefined
}

/** Every field by the digest of its value, or by the value itself where that has no bytes. */
function snapshot(of: object, stamp: StepStamp | undefined): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [name, value] of Object.entries(of)) {
    try {
      found.set(name, inputDigest(value, stamp?.classes))
    } catch {
      found.set(name, value)
    }
  }
  return found
}

function differing(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string | undefined {
  for (const name of new Set([...before.keys(), ...after.keys()]))
    if (before.has(name) !== after.has(name) || !Object.is(before.get(name), after.get(name))) return name
  return undefined
}
