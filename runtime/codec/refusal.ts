// What is said when a value has no stable bytes: where in the value, of what type, why, and the way out.

import { types } from 'node:util'
import { MintmarkError } from '../errors.js'

/** `MM2001`: something in a value cannot be encoded. */
export class EncodeError extends MintmarkError {
  /** Where it is, from the root of the value: `$.cfg.client`, `$[0]`, `$.byName.get("a")`. */
  readonly path: string
  /** What it is: `function`, `Socket`, `Proxy`. */
  readonly type: string

  constructor(path: string, type: string, why: string, options?: ErrorOptions) {
    super('MM2001', `cannot encode \`${path}\` (${type}): ${why}. Use plain data there, or leave it out.`, options)
    this.path = path
    this.type = type
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

/** The name of a value's type, found without running any of its code. */
export function typeName(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  if (types.isProxy(value)) return 'Proxy'
  let proto: object | null = Object.getPrototypeOf(value)
  while (proto !== null && !types.isProxy(proto)) {
    const made = Object.getOwnPropertyDescriptor(proto, 'constructor')?.value
    const name = typeof made === 'function' && !types.isProxy(made) ? Object.getOwnPropertyDescriptor(made, 'name')?.value : undefined
    if (typeof name === 'string' && name !== '') return name
    proto = Object.getPrototypeOf(proto)
  }
  return 'object'
}
