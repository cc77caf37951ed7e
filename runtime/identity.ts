// Which call of a function this is: its stamp, what it captured and its arguments make the key, or the reason why there is none.

import { EncodeError, onInput } from './codec.js'
import { type Digest, digest, FORMAT, type FunctionStamp, STAMP } from './contract.js'
import { environmentDigest, environmentSalt } from './environment.js'
import { ADD_THE_PLUGIN, MintmarkError } from './errors.js'
import { type Key, makeKey } from './key.js'

export interface Keyed {
  readonly kind: 'keyed'
  readonly key: Key
  readonly stamp: FunctionStamp
}

/** `about` tells which warnings are the same one. */
export interface Unkeyed {
  readonly kind: 'unkeyed'
  readonly error: MintmarkError
  readonly about: string
}

export interface IdentityOptions {
  readonly version?: string | number
  readonly salt?: string
  readonly env?: readonly string[]
  readonly inputs?: (...args: any[]) => unknown
}

/**
 * Late calls of one function whose key is made of short arguments and nothing that a call could find changed, by the bytes of these or, where they are
 * numbers and strings and the like, by a text of them. The digests that make a key take longer than all else of a hit in memory.
 */
export interface Late {
  readonly keyed: Map<string, Keyed>
  /** What went into all of these keys. */
  parts: readonly unknown[]
}

const MOST_LATE = 1024
/** Bytes. */
const LONGEST_LATE = 256

export function noneLate(): Late {
  return { keyed: new Map(), parts: [] }
}

/** Throws only what `inputs` throws. */
export function identify(fn: (...args: any[]) => unknown, args: readonly unknown[], options: IdentityOptions, late: Late): Keyed | Unkeyed {
  const stamp = stampOf(fn)
  if ('kind' in stamp && stamp.kind === 'unkeyed') return stamp
  const { version, salt, env } = options
  const space = environmentSalt()
  const isFixed = stamp.captures === undefined && env === undefined
  if (isFixed) forgetOthers(late, stamp.fingerprint, version, salt, space)
  let text = isFixed && options.inputs === undefined ? textOf(args) : undefined
  const known = text === undefined ? undefined : late.keyed.get(text)
  if (known !== undefined) return known
  const inputs = onInputs(options.inputs === undefined ? args : options.inputs(...args), stamp, (bytes) => {
    if (!isFixed || text !== undefined || bytes.length > LONGEST_LATE) return digest(bytes)
    text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    return late.keyed.get(text) ?? digest(bytes)
  })
  if (inputs instanceof EncodeError) {
    const what = options.inputs === undefined ? 'an argument' : 'what `inputs` returned'
    return unkeyed(
      'MM2103',
      stamp,
      inputs,
      `${what}, \`${inputs.path}\` (${inputs.type}), has no stable bytes. ${inputs.wayOut ?? 'Pass plain data, or choose what counts with `inputs`.'}`,
    )
  }
  if (typeof inputs !== 'string') return inputs
  const captures = captured(stamp)
  if (captures !== undefined && typeof captures !== 'string') return captures
  const environment = environmentDigest(env)
  const { fingerprint } = stamp
  const key = makeKey({ fingerprint, inputs: [['args', inputs]], captures, environment, version, salt, space })
  const keyed = { kind: 'keyed', stamp, key } as const
  if (text !== undefined) {
    if (late.keyed.size >= MOST_LATE) late.keyed.clear()
    late.keyed.set(text, keyed)
  }
  return keyed
}

/** A text that no other arguments have, nor any bytes; `undefined` where they are more than a few short primitives. To encode takes four times as long. */
function textOf(args: readonly unknown[]): string | undefined {
  let text = ''
  for (const arg of args) {
    if (typeof arg === 'string') text += `${arg.length}:${arg}`
    else if (typeof arg === 'number' && arg !== 0) text += `#${arg},`
    else if (arg === undefined || arg === null || typeof arg === 'boolean' || Object.is(arg, 0)) text += `=${arg},`
    else return undefined
    if (text.length > LONGEST_LATE) return undefined
  }
  return text
}

function forgetOthers(late: Late, ...parts: readonly unknown[]): void {
  if (late.parts.length === parts.length && parts.every((part, i) => part === late.parts[i])) return
  late.keyed.clear()
  late.parts = parts
}

function stampOf(fn: (...args: any[]) => unknown): FunctionStamp | Unkeyed {
  const stamp = (fn as { [STAMP]?: Partial<FunctionStamp> })[STAMP]
  if (stamp?.kind === 'function' && stamp.format === FORMAT) return stamp as FunctionStamp
  const name = fn.name === '' ? 'an unnamed function' : `\`${fn.name}\``
  if (stamp === undefined) {
    const message = `${name}, like every function without a stamp, runs uncached. ${ADD_THE_PLUGIN}`
    // A forgotten plugin is one mistake, however many functions it leaves without a stamp.
    return { kind: 'unkeyed', error: new MintmarkError('MM2101', message), about: 'plugin' }
  }
  const message = `${name} runs uncached: its stamp is of format ${String(stamp.format)}, this version of mintmark reads format ${FORMAT}. Build it again with the \`mintmark/transformer\` of the version that is installed.`
  return { kind: 'unkeyed', error: new MintmarkError('MM2102', message), about: 'format' }
}

function captured(stamp: FunctionStamp): Digest | undefined | Unkeyed {
  if (stamp.captures === undefined) return undefined
  let values: Readonly<Record<string, unknown>>
  try {
    values = stamp.captures()
  } catch (cause) {
    // A variable that is read before it is set.
    return unkeyed('MM2104', stamp, cause, `a variable that it captures cannot be read yet: ${String(cause)}. Call it later.`)
  }
  const found = onInputs(values, stamp, digest)
  if (!(found instanceof EncodeError)) return found
  const name = found.path.slice(2)
  return unkeyed(
    'MM2104',
    stamp,
    found,
    `the variable \`${name}\` (${found.type}) that it captures has no stable bytes. ${found.wayOut ?? 'Pass what it needs as an argument.'}`,
  )
}

function onInputs<T extends string | object>(value: unknown, { classes }: FunctionStamp, use: (bytes: Uint8Array) => T): T | EncodeError {
  try {
    return onInput(value, classes, use)
  } catch (error) {
    if (error instanceof EncodeError) return error
    throw error
  }
}

function unkeyed(code: string, { id }: FunctionStamp, cause: unknown, why: string): Unkeyed {
  const path = cause instanceof EncodeError ? cause.path : ''
  return { kind: 'unkeyed', error: new MintmarkError(code, `\`${id}\` runs uncached: ${why}`, { cause }), about: `${id} ${path}` }
}
