// Stamps put on by hand, as the transformer would bake them.

import { type ClassStamp, digest, type Fingerprint, FORMAT, type FunctionStamp, STAMP, type StepStamp } from '../../runtime/contract.js'

export type StepStamps = Readonly<Record<string, Partial<Omit<StepStamp, 'fingerprint'>> & { readonly code?: string }>>

/** Stamps a class. `code` stands for the step's closure: change it and the fingerprint changes. */
export function stamped<Class extends abstract new () => unknown>(Class: Class, steps: StepStamps): Class {
  const stamps = Object.entries(steps).map(([name, { code = name, ...rest }]): [string, StepStamp] => [
    name,
    { id: `test#${Class.name}.${name}`, fingerprint: digest(`code of ${code}`) as string as Fingerprint, ...rest },
  ])
  const stamp: ClassStamp = { kind: 'class', format: FORMAT, steps: Object.fromEntries(stamps) }
  Object.defineProperty(Class, STAMP, { value: stamp, configurable: true })
  return Class
}

/** Stamps a function. */
export function stampedFunction<F extends (...args: any[]) => unknown>(fn: F, code = fn.name): F {
  const stamp: FunctionStamp = {
    kind: 'function',
    format: FORMAT,
    id: `test#${code}`,
    fingerprint: digest(`code of ${code}`) as string as Fingerprint,
  }
  return Object.assign(fn, { [STAMP]: stamp })
}
