// Fingerprint and inputs to the key of a result. Pure: what decides about a hit is all in the arguments.

import { type Digest, digest, type Fingerprint, FORMAT } from './contract.js'
import { MintmarkError } from './errors.js'

/** Lower-case hex SHA-256, 64 characters: under it a store holds the result of this code with these inputs. */
export type Key = string & { readonly __key: never }

export interface KeyParts {
  readonly fingerprint: Fingerprint
  /** Every input by name, in any order, by the digest of its encoded value. A plain function has one: `args`. */
  readonly inputs: ReadonlyArray<readonly [name: string, digest: Digest]>
  /** Digest of the encoded values captured from enclosing functions. */
  readonly captures?: Digest | undefined
  /** Digest of the environment variables that are declared. */
  readonly environment?: Digest | undefined
  /** What the user calls this edition of the step; `1` and `'1'` are two. */
  readonly version?: string | number | undefined
  /** Keeps results of one purpose apart from those of another. */
  readonly salt?: string | undefined
  /** The same for all results of one environment. */
  readonly space?: string | undefined
}

const FIRST_FIELD = field('mintmark key', String(FORMAT))

/**
 * The key for `parts`. Every part goes in as name, length and text, so that no two lists of parts read the same.
 *
 * @throws MintmarkError `MM2003` when two inputs have one name.
 */
export function makeKey(parts: KeyParts): Key {
  const inputs = parts.inputs.length > 1 ? [...parts.inputs].sort(([a], [b]) => byCodeUnit(a, b)) : parts.inputs
  const { captures, environment, version, salt, space } = parts
  let text = FIRST_FIELD + field('fingerprint', parts.fingerprint) + field('inputs', String(inputs.length))
  let last: string | undefined
  for (const [name, value] of inputs) {
    if (name === last) throw new MintmarkError('MM2003', `two inputs are called \`${name}\`; give each its own name.`)
    text += field('name', exact(name)) + field('input', value)
    last = name
  }
  if (captures !== undefined) text += field('captures', captures)
  if (environment !== undefined) text += field('environment', environment)
  if (version !== undefined) text += field(`version ${typeof version}`, exact(String(version)))
  if (salt !== undefined) text += field('salt', exact(salt))
  if (space !== undefined) text += field('space', exact(space))
  return digest(text) as string as Key
}

function field(name: string, text: string): string {
  return `${name} ${text.length}:${text}\n`
}

/** As JSON, which escapes lone surrogates; the digest is over UTF-8, where all of them would be the same. */
function exact(text: string): string {
  return JSON.stringify(text)
}

// Code-unit order: localeCompare differs between machines.
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
