// Instances of classes. As a value one is what its registered codec makes of it. As an input, which is never decoded, it is also its own fields
// under its class, or what the class offers by `[asKey]()`: if the stamp says that the code of that class is in the fingerprint.

import { types } from 'node:util'
import { asKey, markOf, positionOf } from './class-marks.js'
import { EncodeError, wayOutFor } from './refusal.js'
import { codecOf, type Registered } from './registry.js'
import { putByte, putCount } from './sink.js'
import { TAG } from './tags.js'
import { refuse, type Writing } from './writing.js'

/** How the parts of an instance are written. */
export interface Parts {
  value(writing: Writing, value: unknown): void
  fields(writing: Writing, object: object): void
}

/** Writes an instance; refuses those that have no stable bytes. */
export function putInstance(writing: Writing, object: object, prototype: object, parts: Parts): void {
  const codec = codecOf(prototype)
  if (codec !== undefined && (writing.classes === undefined || codec.version !== undefined || positionOf(prototype, writing.classes) >= 0))
    return putCoded(writing, object, codec, parts)
  if (writing.classes === undefined)
    return refuse(
      writing,
      object,
      'an instance of a class cannot be rebuilt from data alone',
      wayOutFor(object) ?? 'Use plain data, or `registerCodec`.',
    )
  const position = positionOf(prototype, writing.classes)
  if (position < 0)
    return refuse(
      writing,
      object,
      codec === undefined
        ? 'nothing says that its class is in the fingerprint'
        : `its codec ${JSON.stringify(codec.name)} has no version, and nothing says that its class is in the fingerprint`,
      wayOutFor(object) ??
        `Annotate the input with that very class, if your tsconfig.json includes its file${codec === undefined ? '' : ', give the codec a `version`'}, or choose what counts.`,
    )
  putByte(writing.sink, TAG.input)
  putCount(writing.sink, position)
  const method: unknown = (prototype as { [asKey]?: unknown })[asKey]
  putByte(writing.sink, typeof method === 'function' ? 1 : 0)
  if (typeof method === 'function')
    return parts.value(
      writing,
      answered(writing, object, 'its `[asKey]()`', () => method.call(object)),
    )
  const { hidden } = markOf(prototype)!
  if (hidden !== undefined || isExotic(object))
    return refuse(writing, object, hidden ?? 'it is more than its fields', 'Give the class a method `[asKey]()` that returns what counts.')
  parts.fields(writing, object)
}

/** Under the number of its codec in this encoding, so that a reader can tell at once whether it has all codecs. */
function putCoded(writing: Writing, object: object, codec: Registered, parts: Parts): void {
  const { sink, editions, open } = writing
  const number = editions.get(codec.edition) ?? editions.size
  editions.set(codec.edition, number)
  putByte(sink, TAG.instance)
  putCount(sink, number)
  const data = answered(writing, object, `its codec ${JSON.stringify(codec.name)}`, () => codec.encode(object))
  // Who decodes it has the instance only when its data are there.
  open.add(object)
  parts.value(writing, data)
  open.delete(object)
}

function answered(writing: Writing, object: object, who: string, ask: () => unknown): unknown {
  try {
    return ask()
  } catch (cause) {
    if (cause instanceof EncodeError) throw cause
    return refuse(writing, object, `${who} failed: ${String(cause)}`, 'Mend it.', { cause })
  }
}

/** It was made by something that keeps more than fields, and given another prototype. */
function isExotic(object: object): boolean {
  return Array.isArray(object) || KEEPERS.some((is) => is(object))
}

const KEEPERS: readonly ((object: object) => boolean)[] = [
  ...[types.isMap, types.isSet, types.isWeakMap, types.isWeakSet, types.isPromise, types.isDate, types.isRegExp, types.isNativeError],
  ...[types.isAnyArrayBuffer, types.isArrayBufferView, types.isBoxedPrimitive, types.isGeneratorObject, types.isExternal],
]
