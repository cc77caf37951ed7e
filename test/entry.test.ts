// Entries: what was saved is found, what is not sound is a miss that says why, and trouble of the store is never more than a miss.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CODEC, encode } from '../runtime/codec.js'
import { digest, type Fingerprint, FORMAT } from '../runtime/contract.js'
import { type Draft, type Entry, INLINE_LIMIT, lookUp, type Ref, readValue, save } from '../runtime/entry.js'
import { ENTRY_VERSION } from '../runtime/entry-bytes.js'
import type { Key } from '../runtime/key.js'
import type { Store } from '../runtime/store.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { failing, watched } from './support/stores.js'

const key = digest('key') as string as Key
const closure = digest('closure') as string as Fingerprint
const createdAt = 1_700_000_000_000
const now = createdAt + 1000
const draft: Draft = { key, createdAt, writer: 'here#1', durationMs: 12.5, closure, step: 'flow.ts#Flow.load' }

const small = encode({ rows: [1, -0] })
const large = encode('x'.repeat(INLINE_LIMIT))

async function found(store: Store, options = {}): Promise<Entry> {
  const answer = await lookUp(store, key, { now, ...options })
  if (answer.kind === 'miss') throw new Error(`a miss: ${answer.reason}`)
  return answer.entry
}

async function reasonOf(store: Store, options = {}): Promise<string> {
  const answer = await lookUp(store, key, { now, ...options })
  return answer.kind === 'miss' ? answer.reason : 'hit'
}

async function read(store: Store, ref: Ref | undefined): Promise<unknown> {
  const answer = await readValue(store, ref!)
  return answer.kind === 'value' ? answer.value : answer.reason
}

test('what was saved is found, whole', async () => {
  const store = memoryStore()
  assert.is(await reasonOf(store), 'absent')
  assert.is(await save(store, { ...draft, transition: { targets: ['a'], foreach: 'rows' } }, { small, large }), 'stored')
  const { outputs, ...entry } = await found(store)
  assert.equal(entry, { ...draft, format: FORMAT, codec: 1, transition: { targets: ['a'], foreach: 'rows' } })
  assert.equal(Object.keys(outputs), ['small', 'large'])
  assert.equal(await read(store, outputs.small), { rows: [1, -0] })
  assert.is(await read(store, outputs.large), 'x'.repeat(INLINE_LIMIT))
})

test('a hit on small outputs is one read', async () => {
  const { store, calls } = watched(memoryStore())
  await save(store, draft, { small })
  const { outputs } = await found(store)
  await read(store, outputs.small)
  assert.equal(calls, ['put entries', 'get entries'])
})

test('large outputs are blobs, stored before the entry', async () => {
  const { store, calls } = watched(memoryStore())
  await save(store, draft, { small, large })
  assert.equal(calls, ['put blobs', 'put entries'])
  const { outputs } = await found(store)
  assert.is(outputs.large!.inline, undefined)
  assert.is(outputs.large!.length, large.length)
})

test('outputs travel inside the entry up to the limit for all together', async () => {
  const store = memoryStore()
  const half = encode('x'.repeat(INLINE_LIMIT / 2 - 100))
  await save(store, draft, { one: half, two: half, three: half, small })
  const { outputs } = await found(store)
  assert.equal(
    Object.values(outputs).map((ref) => ref.inline !== undefined),
    [true, true, false, true],
  )
  for (const ref of Object.values(outputs)) assert.type(await read(store, ref), ref.digest === digest(small) ? 'object' : 'string')
})

test('an output given by its ref is taken as it is', async () => {
  const { store, calls } = watched(memoryStore())
  await store.put('blobs', digest(large), large)
  await save(store, draft, {
    large: { digest: digest(large), length: large.length },
    small: { digest: digest(small), length: small.length, inline: small },
  })
  assert.equal(calls, ['put blobs', 'put entries'])
  const { outputs } = await found(store)
  assert.is(await read(store, outputs.large), 'x'.repeat(INLINE_LIMIT))
  assert.equal(await read(store, outputs.small), { rows: [1, -0] })
})

test('any name of an output will do', async () => {
  const store = memoryStore()
  await save(
    store,
    draft,
    JSON.parse('{"__proto__": 0}', (name, value) => (name === '__proto__' ? small : value)),
  )
  assert.equal(Object.keys((await found(store)).outputs), ['__proto__'])
})

test('reading twice gives two values', async () => {
  const store = memoryStore()
  await save(store, draft, { small })
  const { outputs } = await found(store)
  assert.is.not(await read(store, outputs.small), await read(store, outputs.small))
})

const AGES: readonly (readonly [age: number, ttlMs: number | undefined, answer: string])[] = [
  [1e15, undefined, 'hit'],
  [1e15, Infinity, 'hit'],
  [0, 0, 'expired'],
  [0, 1, 'hit'],
  [999, 1000, 'hit'],
  [1000, 1000, 'expired'],
  // From a clock ahead: as fresh as one just as far in the past.
  [-5, 1000, 'hit'],
  [-1000, 1000, 'expired'],
  [-86_400_000, 1000, 'expired'],
  [-86_400_000, undefined, 'hit'],
]
for (const [age, ttlMs, answer] of AGES) {
  test(`${age} ms old with a ttl of ${ttlMs}: ${answer}`, async () => {
    const store = memoryStore()
    await save(store, draft, { small })
    assert.is(await reasonOf(store, { ttlMs, now: createdAt + age }), answer)
  })
}

const sound = { ...draft, format: FORMAT, codec: CODEC, outputs: [['small', digest(small), small.length, true]] }
const without = (name: string) => Object.fromEntries(Object.entries(sound).filter(([other]) => other !== name))

/** An entry laid out by hand: this head, and the bytes behind it. */
function laidOut(head: unknown, behind: Uint8Array = small, version = ENTRY_VERSION): Uint8Array {
  const text = Buffer.from(JSON.stringify(head))
  const start = Buffer.from(`MMe\0\0\0\0\0`)
  start[3] = version
  start.writeUInt32BE(text.length, 4)
  return Buffer.concat([start, text, behind])
}

const row = (...cells: unknown[]) => laidOut({ ...sound, outputs: [cells] })

const UNSOUND: readonly (readonly [what: string, bytes: Uint8Array, reason: string])[] = [
  ['nothing wrong', laidOut(sound), 'hit'],
  ['empty', new Uint8Array(), 'damaged'],
  ['not an entry', Buffer.from('hello, world'), 'damaged'],
  ['a value', encode(1), 'damaged'],
  ...Array.from({ length: laidOut(sound).length }, (_, length) => ['cut short', laidOut(sound).subarray(0, length), 'damaged'] as const),
  ['a byte too many', laidOut(sound, Buffer.concat([small, Buffer.alloc(1)])), 'damaged'],
  ['another value', laidOut(1), 'damaged'],
  ['null', laidOut(null), 'damaged'],
  ['no JSON', Buffer.from('MMe\x01\0\0\0\x02{x'), 'damaged'],
  ['the entry of another key', laidOut({ ...sound, key: digest('other') }), 'damaged'],
  ['a creation time that is none', laidOut({ ...sound, createdAt: 'now' }), 'damaged'],
  ['a transition that is none', laidOut({ ...sound, transition: { targets: 'a' } }), 'damaged'],
  ['outputs that are none', laidOut({ ...sound, outputs: { small: 1 } }), 'damaged'],
  ['an output that is none', laidOut({ ...sound, outputs: [1] }), 'damaged'],
  ['an output of half a byte', row('small', digest(small), 0.5, true), 'damaged'],
  ['an output of less than nothing', row('small', digest(small), -1, true), 'damaged'],
  ['an output longer than what is there', row('small', digest(small), 2 ** 40, true), 'damaged'],
  ['an output whose place is not told', row('small', digest(small), small.length), 'damaged'],
  ...['key', 'createdAt', 'writer', 'durationMs', 'closure', 'step', 'outputs', 'format', 'codec'].map(
    (name) => [`no ${name}`, laidOut(without(name)), 'damaged'] as const,
  ),
  ['a later format', laidOut({ ...sound, format: FORMAT + 1 }), 'newer'],
  ['a later format of another shape', laidOut({ format: FORMAT + 1, codec: 1 }), 'newer'],
  ['an earlier format', laidOut({ ...sound, format: FORMAT - 1 }), 'format'],
  ['a later codec', laidOut({ ...sound, codec: CODEC + 1 }), 'newer'],
  ['a later layout', laidOut({}, small, ENTRY_VERSION + 1), 'newer'],
  ['an earlier layout', laidOut({}, small, ENTRY_VERSION - 1), 'format'],
]
for (const [what, bytes, reason] of UNSOUND) {
  test(`an entry with ${what}: ${reason}`, async () => {
    const store = memoryStore()
    await store.put('entries', key, bytes)
    assert.is(await reasonOf(store), reason)
  })
}

test('a blob that is gone, changed, cut or no value is a miss', async () => {
  const store = memoryStore()
  const ref = { digest: digest(large), length: large.length }
  assert.is(await read(store, ref), 'absent')
  await store.put(
    'blobs',
    ref.digest,
    Uint8Array.from(large, (byte, i) => (i === 100 ? byte ^ 1 : byte)),
  )
  assert.is(await read(store, ref), 'damaged')
  await store.put('blobs', ref.digest, large.subarray(0, 100), { replace: true })
  assert.is(await read(store, ref), 'damaged')
  const junk = Buffer.from('MMj\x01{')
  await store.put('blobs', digest(junk), junk)
  assert.is(await read(store, { digest: digest(junk), length: junk.length }), 'damaged')
  assert.is(await read(store, { digest: digest(junk), length: junk.length + 1 }), 'damaged')
  const newer = Buffer.from('MMj\x02x')
  assert.is(await read(store, { digest: digest(newer), length: newer.length, inline: newer }), 'newer')
  assert.is(await read(store, { digest: digest(small), length: small.length, inline: encode(1) }), 'damaged')
})

test('the first entry stays, unless it is to be replaced', async () => {
  const store = memoryStore()
  await save(store, draft, { small })
  assert.is(await save(store, { ...draft, step: 'second' }, { small }), 'kept')
  assert.is((await found(store)).step, draft.step)
  assert.is(await save(store, { ...draft, step: 'third' }, { small }, { replace: true }), 'stored')
  assert.is((await found(store)).step, 'third')
})

test('replacing heals a blob', async () => {
  const store = memoryStore()
  await store.put('blobs', digest(large), Buffer.from('damaged'))
  await save(store, draft, { large }, { replace: true })
  assert.is(await read(store, (await found(store)).outputs.large), 'x'.repeat(INLINE_LIMIT))
})

test('trouble of the store is a miss and one warning for reading and one for writing', async () => {
  const warnings: string[] = []
  const stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
  forgetWarnings()
  try {
    const full = new Error('disk full')
    for (let i = 0; i < 3; i++) {
      const store = memoryStore()
      assert.is(await reasonOf(failing(store, 'get', 'entries', full)), 'unavailable')
      assert.is(await save(failing(store, 'put', 'entries', full), draft, { small }), 'failed')
    }
    assert.equal(warnings, [
      'MM3000 cannot read from the store failing memory get entries: Error: disk full. Results are computed instead.',
      'MM3000 cannot write to the store failing memory put entries: Error: disk full. Results are computed instead.',
    ])
    assert.is(await read(failing(memoryStore(), 'get', 'blobs', full), { digest: digest(large), length: 1 }), 'unavailable')
    assert.is(warnings.length, 3)
  } finally {
    stop()
  }
})

test('an entry is not stored when one of its blobs was not', async () => {
  const store = memoryStore()
  const stop = listenToWarnings(() => {})
  assert.is(await save(failing(store, 'put', 'blobs', new Error('no')), draft, { large }), 'failed')
  stop()
  assert.is(await reasonOf(store), 'absent')
})

test('strict, trouble of the store is thrown as it came', async () => {
  const error = new Error('disk full')
  const thrown = async (what: Promise<unknown>) =>
    what.then(
      () => undefined,
      (cause) => cause,
    )
  const store = memoryStore()
  assert.is(await thrown(lookUp(failing(store, 'get', 'entries', error), key, { now, strict: true })), error)
  assert.is(await thrown(save(failing(store, 'put', 'entries', error), draft, { small }, { strict: true })), error)
  assert.is(await thrown(readValue(failing(store, 'get', 'blobs', error), { digest: digest(large), length: 1 }, { strict: true })), error)
})

test.run()
