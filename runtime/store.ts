// What a store is: four rooms of bytes under ids. Everything above (entries, artifacts, runs) is encoded before it comes here,
// so a backend is one small file. The promise (P4): `get` answers `undefined` or exactly the bytes that were put.

/**
 * `entries`: results by key. `blobs`: bytes by their digest. `runs`: records of runs and their tasks, by path-like id. `claims`: who is
 * computing a result right now, by key; a store with several tiers keeps them in the one that is shared most widely, and nothing is lost with them.
 */
export type Room = 'entries' | 'blobs' | 'runs' | 'claims'

export const ROOMS: readonly Room[] = ['entries', 'blobs', 'runs', 'claims']

export interface Listing {
  readonly id: string
  /** Bytes as stored, envelope included. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

export interface PutOptions {
  /** Replace what is there. Default false: the first one stays, and `put` answers `false`. */
  readonly replace?: boolean
}

export interface DeleteOptions {
  /**
   * Milliseconds since the epoch: only what was last put before. On a disk and in memory that is looked at and removed in one step, so that nothing
   * that is put meanwhile is lost; a bucket cannot do that, and removes whatever is there.
   */
  readonly before?: number
}

export interface Store {
  /** For messages: `memory`, `fs:/path`, `s3://bucket/prefix`. Never holds a credential. */
  readonly name: string
  /** The bytes, or `undefined` when there are none or they are damaged. Rejects only on trouble of the store itself. */
  get(room: Room, id: string): Promise<Uint8Array | undefined>
  /** `true` when these bytes are now stored, `false` when others were there and stay. A damaged one never stays. */
  put(room: Room, id: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean>
  /** Removing what is not there is no error. */
  delete(room: Room, id: string, options?: DeleteOptions): Promise<void>
  /** Every id of the room that starts with `prefix` (a plain string prefix), in code-unit order. */
  list(room: Room, prefix?: string): AsyncIterable<Listing>
  close(): Promise<void>
}
