// `@memoize` on a method that is no step: its direct calls are memoized like those of a function. Beside the arguments, the fields of `this`
// that it reads count; a method that also writes fields cannot be skipped, since a hit would not write them.

import { type ClassStamp, FORMAT, type FunctionStamp, STAMP, type StepStamp } from './contract.js'
import { MintmarkError } from './errors.js'
import { memoizeFunction } from './memoize.js'
import type { StepMemoizeOptions } from './options.js'
import { tellUncached } from './trouble.js'

type AnyMethod = (...args: any[]) => unknown

/** What to call in place of `method`, with the arguments as an array. */
export function memoizeMethod(method: AnyMethod, name: string, options: StepMemoizeOptions): (this: any, args: unknown[]) => unknown {
  const { inputs, outputs: _outputs, next: _next, ...shared } = options
  return function (this: any, args) {
    const owner = typeof this === 'function' ? this : Object(this).constructor
    const label = `${owner?.name}.${name}`
    const stamp = stampOf(owner, name)
    const bound = async (...given: unknown[]) => {
      const result = method.apply(this, given)
      if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') return result
      throw new MintmarkError(
        'MM4031',
        `\`${label}\` is memoized but not async, and a stored result takes a moment to read. Make it async, or mark it with \`@step\`.`,
      )
    }
    Object.defineProperty(bound, 'name', { value: label })
    if (stamp === undefined) return memoizeFunction(bound, shared)(...args)
    if (stamp.writes === undefined || stamp.writes.length > 0) {
      const what = stamp.writes === undefined ? 'it may write fields of `this`' : `it writes \`this.${stamp.writes[0]}\``
      tellUncached('MM4030', label, what, undefined, options.strict ?? false)
      return bound(...args)
    }
    const counted = inputs ?? stamp.reads ?? Object.keys(this)
    const captures = () => Object.fromEntries(counted.filter((field) => field in this).map((field) => [field, this[field]]))
    const baked: FunctionStamp = { kind: 'function', format: FORMAT, id: stamp.id, fingerprint: stamp.fingerprint, captures }
    return memoizeFunction(Object.assign(bound, { [STAMP]: baked }), shared)(...args)
  }
}

function stampOf(owner: any, name: string): StepStamp | undefined {
  const baked: ClassStamp | undefined = typeof owner === 'function' && Object.hasOwn(owner, STAMP) ? owner[STAMP] : undefined
  return baked?.kind === 'class' && baked.format === FORMAT && Object.hasOwn(baked.steps, name) ? baked.steps[name] : undefined
}
