// One encoding under way, and how it refuses: shared by everything that writes tagged bytes.

import { EncodeError, pathOf, type Segment, typeName, wayOutFor } from './refusal.js'
import type { Sink } from './sink.js'

/** A stretch of raw memory that some object in the value stands for. */
export interface Window {
  readonly memory: ArrayBufferLike
  readonly start: number
  readonly end: number
  readonly owner: object
  readonly path: readonly Segment[]
}

/** One encoding under way. */
export interface Writing {
  readonly sink: Sink
  readonly path: Segment[]
  readonly met: Map<object, number>
  readonly windows: Window[]
  /** Registered codecs used so far, by their number in this encoding. */
  readonly editions: Map<string, number>
  /** Instances whose data are being written. */
  readonly open: Set<object>
  /** Marks of the classes whose instances are inputs here; absent for what is decoded again. */
  readonly classes: readonly string[] | undefined
  /** Large memory is handed on as it is; otherwise as a copy. */
  readonly borrows: boolean
}

export function refuse(writing: Writing, value: unknown, why: string, wayOut?: string, options?: ErrorOptions): never {
  throw new EncodeError(pathOf(writing.path), typeName(value), why, wayOut ?? wayOutFor(value), options)
}

/** A built-in with properties added to it would lose them. */
export function checkBare(writing: Writing, object: object, own: number): void {
  if (Reflect.ownKeys(object).length !== own) refuse(writing, object, 'properties added to a built-in object would be lost')
}
