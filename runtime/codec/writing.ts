// One encoding under way, and how it refuses: shared by everything that writes tagged bytes.

import { EncodeError, pathOf, type Segment, typeName } from './refusal.js'
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
}

export function refuse(writing: Writing, value: unknown, why: string): never {
  throw new EncodeError(pathOf(writing.path), typeName(value), why)
}

/** A built-in with properties added to it would lose them. */
export function checkBare(writing: Writing, object: object, own: number): void {
  if (Reflect.ownKeys(object).length !== own) refuse(writing, object, 'properties added to a built-in object would be lost')
}
