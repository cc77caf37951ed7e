// What build time and run time share: the shape of a stamp, the shape of a manifest, FORMAT, and the one digest function.
// The transformer writes stamps, the runtime reads them; neither knows anything else of the other.

import { createHash, hash } from 'node:crypto'

/** Version of the normal form, the key and the entry. Raised by any change that gives the same code another fingerprint. */
export const FORMAT = 1

/** Where a stamp hangs: on a stamped function, and on a class that owns steps. The registry symbol needs no import in the emitted code. */
export const STAMP: unique symbol = Symbol.for('mintmark.stamp') as never

/** Where the mark of a class hangs whose instances some step may be given. */
export const CLASS_MARK: unique symbol = Symbol.for('mintmark.class') as never

/** Lower-case hex SHA-256, 64 characters. */
export type Digest = string & { readonly __digest: never }

/** Digest of the closure of a step: all the code that it can run. */
export type Fingerprint = string & { readonly __fingerprint: never }

/** Of text or bytes; of pieces, what their sum has. */
export function digest(data: string | Uint8Array | readonly Uint8Array[]): Digest {
  if (typeof data === 'string' || data instanceof Uint8Array) return hash('sha256', data, 'hex') as Digest
  if (data.length === 1) return digest(data[0]!)
  const sum = createHash('sha256')
  for (const piece of data) sum.update(piece)
  return sum.digest('hex') as Digest
}

/** Where a step goes next. `foreach` names the artifact whose items become tasks. */
export interface Transition {
  readonly targets: readonly string[]
  readonly foreach?: string
}

/** What a join merges of its branches, by `mergeArtifacts` with literal lists; without any, all artifacts. */
export interface Merge {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/** What is known of one step at build time. */
export interface StepStamp {
  /** `file#Class.step`, for messages and the manifest; no part of any key. */
  readonly id: string
  readonly fingerprint: Fingerprint
  /** Artifacts read through `this`, in code-unit order; absent when they could not be told (then every artifact counts). */
  readonly reads?: readonly string[]
  /** Artifacts written through `this`; absent when they could not be told (then every artifact that the run changed counts). */
  readonly writes?: readonly string[]
  /** The step's transition when it has exactly one that always runs. Otherwise the one that was taken is recorded with the result. */
  readonly next?: Transition
  /** Every step name mentioned in a `this.next(...)` of the step, in code-unit order, for the static graph. */
  readonly targets?: readonly string[]
  /** Private fields that the step reads and something assigns: their values cannot be seen from outside, so no key can hold them. */
  readonly hidden?: readonly string[]
  /** True when the method takes a parameter, as a join does. */
  readonly joins?: boolean
  /** Of a join: what it reads of its branches, `input` and `index` among that, in code-unit order; absent when it could not be told (then all counts). */
  readonly branchReads?: readonly string[]
  /** Of a join whose `branchReads` are told. */
  readonly merges?: readonly Merge[]
  /** Marks of the classes whose instances it may be given: its inputs are annotated with them, and they are in its closure. */
  readonly classes?: readonly string[]
}

/** On a class, under STAMP: the steps that its instances run, inherited ones included, resolved for this very class. */
export interface ClassStamp {
  readonly kind: 'class'
  readonly format: number
  readonly steps: Readonly<Record<string, StepStamp>>
}

/** On a function given to `memoize`, under STAMP. */
export interface FunctionStamp {
  readonly kind: 'function'
  readonly format: number
  /** `file#name` or `file#name:line`, for messages and the manifest; no part of any key. */
  readonly id: string
  readonly fingerprint: Fingerprint
  /** Values of the variables that the function captures from an enclosing function, by name; they enter the key at each call. */
  readonly captures?: () => Readonly<Record<string, unknown>>
  /** As of a step. */
  readonly classes?: readonly string[]
}

/** On a class under CLASS_MARK. */
export interface ClassMark {
  /** Tells the class from all others; no part of any key, which holds its position in the stamp. */
  readonly id: string
  /** Where its instances keep state that cannot be seen from outside. */
  readonly hidden?: string
}

export type Stamp = ClassStamp | FunctionStamp

/** One declaration of a closure, as the manifest tells it. `Ref`: how it names others. */
export interface ClosureEntry<Ref = number> {
  /** `file#name`, or `option ...` for what the code feels of the compiler options. */
  readonly id: string
  /** Digest of the declaration's own normal form; its mentions are in `to`. */
  readonly own: Digest
  /** What it leads to, in the order of mention. */
  readonly to: readonly Ref[]
  /** What it mentions outside of the project: packages with their versions, assets, missing modules. */
  readonly leaves?: readonly string[]
}

export interface ManifestStep<Ref = number> {
  readonly fingerprint: Fingerprint
  /** The code that the stamp speaks for. */
  readonly root: ClosureEntry<Ref>
  /** What counts for the step without being mentioned, such as top-level statements that write to what it reaches. */
  readonly unmentioned?: readonly Ref[]
  /** What the code feels of the compiler options, and what else no declaration mentions. */
  readonly options?: readonly string[]
}

/** The closure of every step of a compilation, as data, so that a miss can be explained declaration by declaration. */
export interface Manifest {
  /** Of this shape. */
  readonly version: 2
  /** Of the fingerprints: FORMAT. */
  readonly format: number
  /** All that the steps reach, each once; who leads to one of them names it by its index. */
  readonly declarations: readonly ClosureEntry[]
  readonly steps: Readonly<Record<string, ManifestStep>>
}
