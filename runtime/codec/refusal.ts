// What is said when a value has no stable bytes: where in the value, of what type, why, and the way out.

import { types } from 'node:util'
import { MintmarkError } from '../errors.js'

/** `MM2001`: something in a value cannot be encoded. */
export class EncodeError extends MintmarkError {
  /** Where it is, from the root of the value: `$.cfg.client`, `$[0]`, `$.byName.get("a")`. */
  readonly path: string
  /** What it is: `function`, `Socket`, `Proxy`. */
  readonly type: string
  /** What to do about it, where there is more to say than to use plain data. */
  readonly wayOut: string | undefined

  constructor(path: string, type: string, why: string, wayOut?: string, options?: ErrorOptions) {
    super('MM2001', `cannot encode \`${path}\` (${type}): ${why}. ${wayOut ?? 'Use plain data there, or leave it out.'}`, options)
    this.path = path
    this.type = type
    this.wayOut = wayOut
  }
}

/** A step into a value: a property, an array index, or the n-th entry of a Map or Set. */
export type Segment = string | number | { readonly of: 'key' | 'value'; readonly at: number; readonly key?: unknown }

export function pathOf(segments: readonly Segment[]): string {
  const all = segments.map(segmentText)
  const shown = all.length > 24 ? [...all.slice(0, 12), '…', ...all.slice(-12)] : all
  return `$${shown.join('')}`
}

function segmentText(segment: Segment): string {
  if (typeof segment === 'number') return `[${segment}]`
  if (typeof segment === 'string') return /^[A-Za-z_$][\w$]*$/.test(segment) ? `.${segment}` : `[${quoted(segment)}]`
  if (segment.of === 'key') return `.keys()[${segment.at}]`
  return typeof segment.key === 'string' ? `.get(${quoted(segment.key)})` : `.values()[${segment.at}]`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

const STREAMS = new Set(['Stream', 'ReadableStream', 'WritableStream', 'TransformStream', 'Blob', 'Request', 'Response'])
const HANDLES = new Set(['Socket', 'Server', 'FileHandle', 'ChildProcess', 'Worker', 'MessagePort'])

/** What helps with streams, sockets and the like, which are no data at all. */
export function wayOutFor(value: unknown): string | undefined {
  const names = typeof value === 'object' && value !== null && !types.isProxy(value) ? classNames(value) : []
  if (names.some((name) => HANDLES.has(name)))
    return 'It is open in this process only: hand on what it is opened with (a path, an address), and open it where it is used.'
  if (names.some((name) => STREAMS.has(name)))
    return 'A stream is gone once it is read: read it to its end (`buffer` of `node:stream/consumers`) and hand on the bytes, or hand on the name of a file.'
  return types.isPromise(value) ? 'Await it.' : undefined
}

/** The name of a value's type, found without running any of its code. */
export function typeName(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return types.isProxy(value) ? 'Proxy' : (classNames(value)[0] ?? 'object')
}

function classNames(value: object): string[] {
  const names: string[] = []
  let proto: object | null = Object.getPrototypeOf(value)
  while (proto !== null && !types.isProxy(proto)) {
    const made = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value
    const name = typeof made === 'function' && !types.isProxy(made) ? Object.getOwnPropertyDescriptor(made, 'name')?.value : undefined
    if (typeof name === 'string' && name !== '') names.push(name)
    proto = Object.getPrototypeOf(proto)
  }
  return names
}
