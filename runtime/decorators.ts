// `@step`, `@retry` and `@memoize`, as TC39 decorators and as legacy ones (`experimentalDecorators`). They only note what was asked for, so
// their order does not matter; the one exception is `@memoize` on a method that is no step, which memoizes its direct calls.

import { MintmarkError } from './errors.js'
import { type ArtifactName, FlowSpec } from './flow.js'
import { type FunctionOptions, type Memoized, memoizeFunction } from './memoize.js'
import { memoizeMethod } from './method.js'
import type { RetryOptions, StepMemoizeOptions } from './options.js'

/** What decorators said of one method. */
export interface MethodNotes {
  step: boolean
  memoize?: StepMemoizeOptions
  retry?: RetryOptions
}

type Method<This> = (this: This, inputs: any) => unknown
/** On a flow a memoized method may be a step and return nothing; anywhere else its result comes from a store, so it is async. */
type Memoizable<This> = (this: This, ...args: any[]) => This extends FlowSpec ? unknown : Promise<unknown>
/** What the compiler shows of names that are for sure none. Those that are literals must exist; one that is only known as a string is left to the run. */
interface NotInTheFlow<Artifacts, Steps> {
  readonly artifacts: Artifacts
  readonly steps: Steps
}
type NoArtifact<This, Names extends string> =
  | Absent<This, Names>
  | Exclude<Present<This, Names>, ArtifactName<Pick<This, Present<This, Names>>>>
type NoStep<This, Names extends string> =
  | Absent<This, Names>
  | Extract<Present<This, Names>, ArtifactName<Pick<This, Present<This, Names>>>>
type Present<This, Names extends string> = string extends Names ? never : Names & keyof This
type Absent<This, Names extends string> = string extends Names ? never : Exclude<Names, keyof This>
type IfMistaken<This, Artifacts extends string, Steps extends string> = [NoArtifact<This, Artifacts> | NoStep<This, Steps>] extends [never]
  ? never
  : unknown
/** Whether a field is a method cannot be told where its type is a type parameter of the class; that there is one can. */
type IfThere<This, Names extends string> = [Absent<This, Names>] extends [never] ? unknown : never

export interface StepDecorator {
  <This extends FlowSpec, Value extends Method<This>>(value: Value, context: ClassMethodDecoratorContext<This, Value>): void
  <Value extends Method<any>>(target: FlowSpec, key: string, descriptor: TypedPropertyDescriptor<Value>): void
}

/** The first two are for mistakes: no decorator answers what they do, so they do not compile, and the compiler names them. */
export interface MemoizeDecorator<Artifacts extends string, Steps extends string> {
  <This extends object, Value extends Memoizable<This>>(
    value: Value,
    context: ClassMethodDecoratorContext<This, Value> & IfMistaken<This, Artifacts, Steps>,
  ): NotInTheFlow<NoArtifact<This, Artifacts>, NoStep<This, Steps>>
  <Target extends object, Value extends Memoizable<Target>>(
    target: Target & IfMistaken<Target, Artifacts, Steps>,
    key: string,
    descriptor: TypedPropertyDescriptor<Value>,
  ): NotInTheFlow<NoArtifact<Target, Artifacts>, NoStep<Target, Steps>>
  <This extends object, Value extends Memoizable<This>>(
    value: Value,
    context: ClassMethodDecoratorContext<This, Value> & IfThere<This, Artifacts | Steps>,
  ): void
  <Target extends object, Value extends Memoizable<Target>>(
    target: Target & IfThere<Target, Artifacts | Steps>,
    key: string,
    descriptor: TypedPropertyDescriptor<Value>,
  ): void
}

/** Marks a method of a flow as a step: `@step` or `@step()`. The first step is `start`, the last `end`. */
export function step<This extends FlowSpec, Value extends Method<This>>(
  value: Value,
  context: ClassMethodDecoratorContext<This, Value>,
): void
export function step<Value extends Method<any>>(target: FlowSpec, key: string, descriptor: TypedPropertyDescriptor<Value>): void
export function step(): StepDecorator
export function step(...args: unknown[]): unknown {
  const mark = (...at: unknown[]) => {
    note(at, 'step', (notes) => {
      notes.step = true
    })
  }
  return args.length === 0 ? mark : mark(...args)
}

/** Executes a step again when it fails, `times` times at most; then its last error is thrown on. */
export function retry(options: RetryOptions): StepDecorator {
  const times = options?.times
  if (!(Number.isInteger(times) && times >= 0))
    throw new MintmarkError(
      'MM4016',
      `@retry needs \`times\`, a whole number from 0, and got ${String(times)}. Write \`@retry({ times: 3 })\`.`,
    )
  return (...at: unknown[]) => {
    note(at, 'retry', (notes) => {
      notes.retry = options
    })
  }
}

/**
 * On a step: skips it when this very code has already seen these very inputs; the stored outputs are set and the flow goes on.
 * On another method, and as `memoize(fn, options)` on a function: the same for direct calls.
 */
export function memoize<This extends object, Value extends Memoizable<This>>(
  value: Value,
  context: ClassMethodDecoratorContext<This, Value>,
): void
export function memoize<Target extends object, Value extends Memoizable<Target>>(
  target: Target,
  key: string,
  descriptor: TypedPropertyDescriptor<Value>,
): void
export function memoize<const In extends string = never, const Out extends string = never, const Next extends string = never>(
  options?: StepMemoizeOptions<In, Out, Next>,
): MemoizeDecorator<In | Out, Next>
export function memoize<Fn extends (...args: any[]) => unknown>(fn: Fn, options?: FunctionOptions<Parameters<Fn>>): Memoized<Fn>
export function memoize(...args: any[]): unknown {
  const [first, second] = args
  if (isContext(second) || args.length === 3) return memoizing({}, args)
  if (typeof first === 'function') return memoizeFunction(first, second)
  return (...at: unknown[]) => memoizing(first ?? {}, at)
}

function memoizing(options: StepMemoizeOptions, at: unknown[]): unknown {
  const { method, name } = note(at, 'memoize', (notes) => {
    notes.memoize = options
  })
  const direct = memoizeMethod(method, name, options)
  function memoized(this: unknown, ...args: unknown[]): unknown {
    // Steps are memoized by the run.
    return this instanceof FlowSpec ? method.apply(this, args) : direct.call(this, args)
  }
  const notes = notesOf(method)
  Object.defineProperties(memoized, { name: { value: name, configurable: true }, length: { value: method.length, configurable: true } })
  notesByMethod.set(memoized, notes)
  if (isContext(at[1])) return memoized
  const descriptor = at[2] as PropertyDescriptor
  descriptor.value = memoized
  return descriptor
}

type AnyMethod = (...args: any[]) => unknown

const notesByMethod = new WeakMap<AnyMethod, MethodNotes>()
/** The same by the prototype of a class and the name: when a decorator of someone else's wrapped the method, only the name is left. */
const notesByName = new WeakMap<object, Map<string, MethodNotes>>()

function notesOf(method: AnyMethod): MethodNotes {
  let notes = notesByMethod.get(method)
  if (notes === undefined) {
    notes = { step: false }
    notesByMethod.set(method, notes)
  }
  return notes
}

function note(at: unknown[], what: string, change: (notes: MethodNotes) => void): { method: AnyMethod; name: string } {
  const context = at[1]
  const method = (isContext(context) ? at[0] : (at[2] as PropertyDescriptor | undefined)?.value) as AnyMethod | undefined
  if (typeof method !== 'function')
    throw new MintmarkError(
      'MM4015',
      `@${what} stands on \`${String(isContext(context) ? context.name : context)}\`, which is no method. Put it on a method.`,
    )
  const notes = notesOf(method)
  change(notes)
  if (!isContext(context)) {
    noteByName(at[0] as object, String(context), notes)
    return { method, name: String(context) }
  }
  const name = String(context.name)
  if (!context.static)
    context.addInitializer(function () {
      noteByName(Object.getPrototypeOf(this), name, notes)
    })
  return { method, name }
}

function noteByName(prototype: object, name: string, notes: MethodNotes): void {
  let names = notesByName.get(prototype)
  if (names === undefined) {
    names = new Map()
    notesByName.set(prototype, names)
  }
  const known = names.get(name)
  if (known !== notes) names.set(name, known === undefined ? notes : { ...known, ...notes, step: known.step || notes.step })
}

/**
 * What was noted of the methods of a class, inherited ones included, by name. Ask only after an instance was made: TC39 decorators learn
 * the class that they stand in from its first instance.
 */
export function notesOfClass(prototype: object): Map<string, MethodNotes> {
  const chain: object[] = []
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) chain.unshift(at)
  const found = new Map<string, MethodNotes>()
  for (const at of chain) {
    for (const [name, notes] of notesByName.get(at) ?? []) found.set(name, notes)
    for (const name of Object.getOwnPropertyNames(at)) {
      const method: unknown = Object.getOwnPropertyDescriptor(at, name)?.value
      const notes = typeof method === 'function' ? notesByMethod.get(method as AnyMethod) : undefined
      if (notes?.step) found.set(name, notes)
    }
  }
  return found
}

function isContext(value: unknown): value is ClassMethodDecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value
}
