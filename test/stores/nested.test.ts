// Stores of stores: signed, aged and zoned ones around tiers, and within them. What an untrusted writer put is never read by a trusted reader, whatever
// lies in front; what is refused or too old in front is looked for behind.

import { generateKeyPairSync } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CODEC } from '../../runtime/codec.js'
import { digest, type Fingerprint, FORMAT } from '../../runtime/contract.js'
import { lookUp } from '../../runtime/entry.js'
import { writeEntry } from '../../runtime/entry-bytes.js'
import type { Key } from '../../runtime/key.js'
import type { Room, Store } from '../../runtime/store.js'
import { agedStore } from '../../runtime/stores/aged.js'
import { publicWord } from '../../runtime/stores/keys.js'
import { memoryStore } from '../../runtime/stores/memory.js'
import { signedStore } from '../../runtime/stores/signed.js'
import { tieredStore } from '../../runtime/stores/tiered.js'
import { zonedStore } from '../../runtime/stores/zoned.js'
import { forgetWarnings, listenToWarnings } from '../../runtime/warnings.js'
import { conformance } from '../support/store-conformance.js'

const [main, pull] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey]
const MAIN = publicWord(main)
const quiet = listenToWarnings(() => {})
test.after(quiet)
test.before.each(forgetWarnings)

/** Two places, and the store that a nesting makes of them. */
type Nesting = (local: Store, shared: Store) => Store

const by = (key: typeof main) => (store: Store) => signedStore(store, { sign: key, trust: [MAIN] })
const signed = by(main)
const aged = (store: Store) => agedStore(store, { maxAge: '1h' })

const NESTINGS: Readonly<Record<string, Nesting>> = {
  'signed around tiers': (local, shared) => signed(tieredStore({ local, shared })),
  'signed around tiers, behind': (local, shared) => signed(tieredStore({ local, shared, write: 'behind' })),
  'tiers with a signed one behind': (local, shared) => tieredStore({ local, shared: signed(shared) }),
  'tiers of signed ones': (local, shared) => tieredStore({ local: signed(local), shared: signed(shared) }),
  'aged around tiers': (local, shared) => aged(tieredStore({ local, shared })),
  'tiers with an aged one in front': (local, shared) => tieredStore({ local: aged(local), shared }),
  'a zone of tiers': (local, shared) => zonedStore(tieredStore({ local, shared }), [memoryStore()]),
  'tiers with a zone behind': (local, shared) => tieredStore({ local, shared: zonedStore(shared, [memoryStore()]) }),
}

for (const nest of Object.values(NESTINGS)) {
  const [local, shared] = [memoryStore(), memoryStore()]
  // Blobs are refused by signed ones under an id that is not their digest.
  conformance(() => nest(local, shared), { rooms: ['entries', 'runs', 'claims'] })
}

const HOUR = 3_600_000
const KEY = digest('key') as string as Key
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

/** The bytes of an entry that was made so long ago. */
function entryOf(ageMs: number, writer: string): Uint8Array {
  const closure = digest('code') as string as Fingerprint
  const createdAt = Date.now() - ageMs
  return writeEntry({ key: KEY, format: FORMAT, codec: CODEC, createdAt, writer, durationMs: 1, closure, step: 's', outputs: {} })
}

/** Who wrote the entry that is found; the reason when none is. */
async function found(store: Store, ttlMs?: number): Promise<string> {
  const looked = await lookUp(store, KEY, { ttlMs, now: Date.now() })
  return looked.kind === 'hit' ? looked.entry.writer : looked.reason
}

for (const name of ['signed around tiers', 'signed around tiers, behind', 'tiers with a signed one behind', 'tiers of signed ones']) {
  const nest = NESTINGS[name]!
  for (const [writer, plant] of [
    ['an unsigned one', (store: Store) => store],
    ['one of another writer', by(pull)],
  ] as const) {
    test(`${name}: ${writer} in the shared store is a miss, comes to no local one, and gives way`, async () => {
      for (const room of ['entries', 'runs'] as Room[]) {
        const [local, shared] = [memoryStore(), memoryStore()]
        const id = room === 'runs' ? 'Flow/1/run' : KEY
        await plant(shared).put(room, id, Buffer.from('evil'))
        const store = nest(local, shared)
        assert.is(await store.get(room, id), undefined)
        const kept = await local.get(room, id)
        // Around the tiers what is signed may lie there; it is asked for its signature each time.
        if (!name.startsWith('signed around')) assert.is(kept, undefined)
        assert.is(await store.put(room, id, Buffer.from('good')), true)
        await store.close()
        for (let reads = 0; reads < 2; reads++) assert.is(text(await nest(local, shared).get(room, id)), 'good')
        // Written behind, the record of a run is not looked for before it is put; so what was planted stays, and is a miss.
        const stays = room === 'runs' && name.endsWith(', behind')
        assert.is(text(await nest(memoryStore(), shared).get(room, id)), stays ? undefined : 'good')
      }
    })
  }

  test(`${name}: one that was planted in the shared store after a good one was read does not come through`, async () => {
    const [local, shared] = [memoryStore(), memoryStore()]
    const store = nest(local, shared)
    await store.put('entries', KEY, entryOf(2 * HOUR, 'good'))
    await store.close()
    await by(pull)(shared).put('entries', KEY, entryOf(0, 'evil'), { replace: true })
    // Past its ttl here, so that it is looked for behind.
    assert.equal([await found(store, HOUR), await found(store)], ['expired', 'good'])
    assert.is(await found(nest(memoryStore(), shared)), 'absent')
  })
}

for (const name of ['signed around tiers', 'tiers of signed ones'])
  test(`${name}: one that was planted in the local store is passed over, and the shared one is read and takes its place`, async () => {
    const [local, shared] = [memoryStore(), memoryStore()]
    const store = NESTINGS[name]!(local, shared)
    await store.put('entries', KEY, entryOf(0, 'good'))
    await store.close()
    for (const plant of [(at: Store) => at, by(pull)]) {
      await plant(local).put('entries', KEY, entryOf(0, 'evil'), { replace: true })
      assert.is(await found(store), 'good')
      assert.is(await found(signed(local)), 'good')
    }
  })

for (const [name, nest] of Object.entries({ ...NESTINGS, tiers: (local: Store, shared: Store) => tieredStore({ local, shared }) }))
  test(`${name}: past its ttl in front, what another machine made anew is taken and kept`, async () => {
    const [local, shared] = [memoryStore(), memoryStore()]
    const other = nest(memoryStore(), shared)
    const mine = nest(local, shared)
    for (const ttl of [0.5 * HOUR, undefined]) {
      await mine.put('entries', KEY, entryOf(0.75 * HOUR, 'old'), { replace: true })
      await mine.close()
      await other.put('entries', KEY, entryOf(0, 'anew'), { replace: true })
      await other.close()
      if (ttl === undefined && !name.includes('aged')) continue
      const limit = ttl ?? 0.5 * HOUR
      assert.is(await found(mine, limit), 'anew')
      assert.is(await found(nest(local, memoryStore()), limit), 'anew')
    }
  })

test('aged around tiers: past the age in front, what another machine made anew is read', async () => {
  const [local, shared] = [memoryStore(), memoryStore()]
  await local.put('entries', KEY, entryOf(2 * HOUR, 'old'))
  await shared.put('entries', KEY, entryOf(0, 'anew'))
  const store = aged(tieredStore({ local, shared }))
  assert.is(await found(store), 'anew')
  assert.is(await found(aged(local)), 'anew')
  await shared.put('entries', KEY, entryOf(2 * HOUR, 'old'), { replace: true })
  await local.put('entries', KEY, entryOf(3 * HOUR, 'older'), { replace: true })
  assert.is(await found(store), 'absent')
})

test('a pull request with tiers reads main through them; main reads nothing of it, though both share a folder in front', async () => {
  const [folder, ofMain, ofPull] = [memoryStore(), memoryStore(), memoryStore()]
  const readMain = signedStore(ofMain, { sign: false, trust: [MAIN] })
  const theirs = zonedStore(tieredStore({ local: folder, shared: signedStore(ofPull, { sign: pull }) }), [readMain])
  const ours = signed(tieredStore({ local: folder, shared: ofMain }))
  await signed(ofMain).put('entries', KEY, entryOf(0, 'main'))
  assert.is(await found(theirs), 'main')
  await theirs.put('entries', KEY, entryOf(0, 'pull request'), { replace: true })
  assert.equal([await found(theirs), await found(ours)], ['pull request', 'main'])
  // An old one of their own gives way to a fresh one of main.
  await theirs.put('entries', KEY, entryOf(2 * HOUR, 'pull request'), { replace: true })
  assert.is(await found(theirs, HOUR), 'main')
})

test.run()
