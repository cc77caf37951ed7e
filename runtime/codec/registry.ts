// Codecs that users register for classes of theirs: by name in stored bytes, by prototype when a value is encoded.

import { MintmarkError } from '../errors.js'

/** How instances of a class become plain data and come back. */
export interface ValueCodec<Instance extends object, Data> {
  /** In stored bytes, for as long as these are kept: choose one that stays when the class is renamed. */
  readonly name: string
  readonly class: { readonly prototype: Instance; readonly name: string }
  /** Plain data that stands for the instance; it may hold other instances that have a codec. Must not change the instance. */
  readonly encode: (instance: Instance) => Data
  /** The instance again. It is the only code that runs when stored bytes are decoded. */
  readonly decode: (data: Data) => Instance
  /** Change it when `encode`, `decode` or what the class does with its data changes: what was stored before is a miss, and keys are others. */
  readonly version?: string | number
}

export interface Registered extends ValueCodec<object, unknown> {
  /** Name and version, as they stand in bytes. */
  readonly edition: string
}

const byName = new Map<string, Registered>()
const byPrototype = new Map<object, Registered>()

/**
 * From now on instances of the class have stable bytes: as arguments, results and artifacts. Only of that very class: a subclass needs a codec
 * of its own. Register before anything is called or run, at the top of a module.
 *
 * @throws MintmarkError `MM2005` when the name or the class has a codec already, or the codec is not whole.
 */
export function registerCodec<Instance extends object, Data>(codec: ValueCodec<Instance, Data>): void {
  const { name, version, encode, decode } = codec
  const prototype: unknown = codec.class?.prototype
  const say = (what: string): never => {
    throw new MintmarkError('MM2005', `cannot register the codec ${JSON.stringify(name)}: ${what}`)
  }
  if (typeof name !== 'string' || name === '') say('it has no name. Give it one that stays when the class is renamed.')
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype)
    return say('its `class` is no class of yours. Name the class itself.')
  if (typeof encode !== 'function' || typeof decode !== 'function') say('`encode` and `decode` are two functions.')
  if (version !== undefined && typeof version !== 'string' && typeof version !== 'number') say('`version` is a string or a number.')
  if (byName.has(name)) say('there is one of this name already. Register each codec once, under a name of its own.')
  const other = byPrototype.get(prototype)
  if (other !== undefined) say(`its class has the codec ${JSON.stringify(other.name)} already. One is enough.`)
  const registered: Registered = { ...(codec as unknown as ValueCodec<object, unknown>), edition: editionOf(name, version) }
  byName.set(name, registered)
  byPrototype.set(prototype, registered)
}

function editionOf(name: string, version: string | number | undefined): string {
  return JSON.stringify(version === undefined ? [name] : [name, version])
}

export function codecOf(prototype: object): Registered | undefined {
  return byPrototype.get(prototype)
}

/** By name and version, as they stand in bytes; `undefined` when it is not registered, or in another version. */
export function codecOfEdition(edition: string): Registered | undefined {
  const name: unknown = parsed(edition)?.[0]
  const found = typeof name === 'string' ? byName.get(name) : undefined
  return found?.edition === edition ? found : undefined
}

function parsed(edition: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(edition)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
