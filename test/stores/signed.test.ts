// Signed stores and zones: what is read is what a trusted writer put at this very place; whoever can write without a key can only cause misses.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digest } from '../../runtime/contract.js'
import type { Room, Store } from '../../runtime/store.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { makeKeyFile, publicWord, readPrivateKey } from '../../runtime/stores/keys.js'
import { memoryStore } from '../../runtime/stores/memory.js'
import { signedStore } from '../../runtime/stores/signed.js'
import { zonedStore } from '../../runtime/stores/zoned.js'
import { forgetWarnings, listenToWarnings } from '../../runtime/warnings.js'
import { conformance } from '../support/store-conformance.js'

const dir = mkdtempSync(join(tmpdir(), 'mintmark-keys-'))
const newKey = () => generateKeyPairSync('ed25519').privateKey
const [main, pull] = [newKey(), newKey()]
const MAIN = publicWord(main)
const outer = process.env.MINTMARK_SIGNING_KEY
const warnings: string[] = []
let stop = () => {}

test.before.each(() => {
  delete process.env.MINTMARK_SIGNING_KEY
  warnings.length = 0
  forgetWarnings()
  stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
})
test.after.each(() => stop())
test.after(() => {
  rmSync(dir, { recursive: true, force: true })
  if (outer !== undefined) process.env.MINTMARK_SIGNING_KEY = outer
})

const shared = memoryStore()
// A blob is refused under an id that is not its digest.
conformance(() => signedStore(shared, { sign: main }), { rooms: ['entries', 'runs', 'claims'] })

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()
const SIGNED: readonly (readonly [room: Room, id: string])[] = [
  ['entries', digest('key')],
  ['runs', 'Flow/1/run'],
]

/** What a reader that trusts `main` finds after `plant` had its way with a store to which `main` put `good`. */
async function afterwards(room: Room, id: string, plant: (inner: Store) => Promise<unknown>): Promise<[string | undefined, object]> {
  const inner = memoryStore()
  await signedStore(inner, { sign: main }).put(room, id, Buffer.from('good'))
  await plant(inner)
  const reader = signedStore(inner, { sign: false, trust: [MAIN] })
  return [text(await reader.get(room, id)), reader.refused]
}

for (const [room, id] of SIGNED) {
  const none = { unsigned: 0, unknown: 0, forged: 0 }
  const put = (inner: Store, bytes: Uint8Array) => inner.put(room, id, bytes, { replace: true })
  const changed = async (inner: Store, at: (length: number) => number) => {
    const bytes = (await inner.get(room, id))!
    bytes[at(bytes.length)]! ^= 1
    await put(inner, bytes)
  }
  const attacks: readonly (readonly [
    title: string,
    plant: (inner: Store) => Promise<unknown>,
    found: string | undefined,
    refused: object,
  ])[] = [
    ['nothing happened', async () => {}, 'good', none],
    ['it was deleted', (inner) => inner.delete(room, id), undefined, none],
    ['another one was put there, unsigned', (inner) => put(inner, Buffer.from('bad')), undefined, { ...none, unsigned: 1 }],
    ['a short one was put there', (inner) => put(inner, Buffer.from('mintsig1')), undefined, { ...none, unsigned: 1 }],
    [
      'one was put there by an unknown writer',
      (inner) => signedStore(inner, { sign: pull }).put(room, id, Buffer.from('bad'), { replace: true }),
      undefined,
      { ...none, unknown: 1 },
    ],
    ['a byte of the payload was changed', (inner) => changed(inner, (length) => length - 1), undefined, { ...none, forged: 1 }],
    ['a byte of the signature was changed', (inner) => changed(inner, () => 60), undefined, { ...none, forged: 1 }],
    ['the writer was changed', (inner) => changed(inner, () => 20), undefined, { ...none, unknown: 1 }],
    [
      'the writer was made the trusted one',
      async (inner) => {
        await signedStore(inner, { sign: pull }).put(room, id, Buffer.from('bad'), { replace: true })
        const bytes = (await inner.get(room, id))!
        bytes.set(Buffer.from(MAIN.slice(8), 'base64url'), 8)
        await put(inner, bytes)
      },
      undefined,
      { ...none, forged: 1 },
    ],
    [
      'what was signed for another id was moved there',
      async (inner) => {
        const other = room === 'runs' ? 'Flow/2/run' : digest('other key')
        await signedStore(inner, { sign: main }).put(room, other, Buffer.from('good elsewhere'))
        await put(inner, (await inner.get(room, other))!)
      },
      undefined,
      { ...none, forged: 1 },
    ],
    [
      'what was signed for another zone was copied there',
      async (inner) => {
        const staging = memoryStore()
        await signedStore(staging, { sign: main, zone: 'staging' }).put(room, id, Buffer.from('staged'))
        await put(inner, (await staging.get(room, id))!)
      },
      undefined,
      { ...none, forged: 1 },
    ],
    [
      'what was signed earlier was put back',
      async (inner) => {
        const early = (await inner.get(room, id))!
        await signedStore(inner, { sign: main }).put(room, id, Buffer.from('better'), { replace: true })
        await put(inner, early)
      },
      'good',
      none,
    ],
  ]
  for (const [title, plant, found, refused] of attacks) {
    test(`${room}: ${title}: ${found ?? 'a miss'}`, async () => {
      assert.equal(await afterwards(room, id, plant), [found, refused])
      assert.is(warnings.length, found === undefined && title !== 'it was deleted' ? 1 : 0)
      assert.ok(warnings.every((warning) => warning.startsWith('MM3040 what memory has is passed over')))
    })
  }

  test(`${room}: what was planted gives way to what a trusted writer puts`, async () => {
    const inner = memoryStore()
    await inner.put(room, id, Buffer.from('bad'))
    const store = signedStore(inner, { sign: main })
    assert.is(await store.put(room, id, Buffer.from('good')), true)
    assert.is(text(await store.get(room, id)), 'good')
    assert.is(await store.put(room, id, Buffer.from('second')), false)
  })
}

test('what is signed in one room is of no use in another', async () => {
  const inner = memoryStore()
  const id = digest('key')
  await signedStore(inner, { sign: main }).put('entries', id, Buffer.from('good'))
  await inner.put('claims', id, (await inner.get('entries', id))!)
  assert.is(await signedStore(inner, { sign: main }).get('claims', id), undefined)
})

test('a blob that is not what its digest says is a miss, and gives way', async () => {
  const inner = memoryStore()
  const bytes = Buffer.from('blob')
  await inner.put('blobs', digest(bytes), Buffer.from('planted'))
  const store = signedStore(inner, { sign: main })
  assert.is(await store.get('blobs', digest(bytes)), undefined)
  assert.is(await store.put('blobs', digest(bytes), bytes), true)
  assert.is(text(await store.get('blobs', digest(bytes))), 'blob')
})

test('without a key nothing is put or deleted: told once, unless it was said', async () => {
  const inner = memoryStore()
  const id = digest('key')
  await signedStore(inner, { sign: main }).put('entries', id, Buffer.from('good'))
  for (const [sign, told] of [
    [false, 0],
    [undefined, 1],
  ] as const) {
    const reader = signedStore(inner, { ...(sign === false && { sign }), trust: [MAIN] })
    assert.equal(
      [await reader.put('entries', digest('new'), Buffer.from('x')), await reader.put('runs', 'a', Buffer.from('x'))],
      [false, false],
    )
    assert.is(await reader.put('claims', digest('new'), Buffer.from('x')), true)
    await reader.delete('entries', id)
    assert.is(text(await reader.get('entries', id)), 'good')
    assert.equal(
      warnings.map((warning) => warning.slice(0, 6)),
      Array(told).fill('MM3041'),
    )
  }
  for (const room of ['claims', 'runs'] as const) for await (const listing of inner.list(room)) assert.unreachable(listing.id)
})

test('the key of the environment: PEM, PEM in one line, or a file', async () => {
  const pem = main.export({ format: 'pem', type: 'pkcs8' }) as string
  const file = join(dir, 'env.pem')
  writeFileSync(file, pem, { mode: 0o600 })
  for (const given of [pem, pem.replaceAll('\n', '\\n'), file]) {
    process.env.MINTMARK_SIGNING_KEY = given
    const inner = memoryStore()
    await signedStore(inner).put('runs', 'a', Buffer.from('x'))
    assert.is(text(await signedStore(inner, { sign: false, trust: [MAIN] }).get('runs', 'a')), 'x')
  }
})

test('a key that cannot be used is MM5041, and no message repeats what was given', () => {
  const pem = main.export({ format: 'pem', type: 'pkcs8' }) as string
  const secret = pem.split('\n')[1]!
  const open = join(dir, 'open.pem')
  writeFileSync(open, pem)
  chmodSync(open, 0o644)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [() => signedStore(memoryStore(), { sign: secret }), /neither PEM nor the path/],
    [() => signedStore(memoryStore(), { sign: `-----BEGIN PRIVATE KEY-----\n${secret.slice(4)}` }), /no private key in PEM/],
    [() => signedStore(memoryStore(), { sign: open }), /can be read by others.*chmod 600/],
    [() => signedStore(memoryStore(), { sign: dir }), /neither PEM nor the path/],
    [() => signedStore(memoryStore(), { sign: rsa }), /not a private Ed25519 key/],
    [() => signedStore(memoryStore(), { sign: false, trust: [secret] }), /no public key/],

    [() => signedStore(memoryStore(), { sign: false }), /no writer is trusted/],
    [() => signedStore(memoryStore(), {}), /no writer is trusted/],
  ]
  for (const [make, message] of cases) {
    try {
      make()
      assert.unreachable('it was made')
    } catch (error) {
      assert.match(String(error), /MM5041/)
      assert.match(String(error), message)
      // A word that is marked as public is told, to find it in the list.
      if (!message.source.includes('no public key'))
        assert.not.match(JSON.stringify([String(error), (error as Error).cause]), secret.slice(8, 30))
    }
  }
})

test('a new key is in a file of mode 0600, and none is overwritten', () => {
  const file = join(dir, 'new.pem')
  const word = makeKeyFile(file)
  assert.is(publicWord(readPrivateKey(file, 'file')), word)
  assert.throws(() => makeKeyFile(file), /MM5041.*EEXIST/)
  assert.is(
    createPrivateKey({ key: '' + readPrivateKey(file, 'file').export({ format: 'pem', type: 'pkcs8' }) }).asymmetricKeyType,
    'ed25519',
  )
})

test('zones: a pull request reads main and itself, and main never sees it', async () => {
  const id = (name: string) => digest(name)
  const [mainPlace, pullPlace] = [fsStore({ dir: join(dir, 'main'), durability: 'none' }), memoryStore()]
  const ofMain = signedStore(mainPlace, { sign: main })
  const ofPull = zonedStore(signedStore(pullPlace, { sign: pull }), [signedStore(mainPlace, { sign: false, trust: [MAIN] })])
  await ofMain.put('entries', id('both'), Buffer.from('by main'))
  await ofMain.put('blobs', id('blob'), Buffer.from('blob'))
  await ofMain.put('runs', 'Flow/1/run', Buffer.from('run of main'))
  assert.is(text(await ofPull.get('entries', id('both'))), 'by main')
  assert.is(text(await ofPull.get('blobs', id('blob'))), 'blob')
  assert.is(await ofPull.get('runs', 'Flow/1/run'), undefined)
  await ofPull.put('entries', id('both'), Buffer.from('by the pull request'), { replace: true })
  await ofPull.put('entries', id('new'), Buffer.from('new'))
  await ofPull.delete('blobs', id('blob'))
  assert.is(text(await ofPull.get('entries', id('both'))), 'by the pull request')
  assert.is(text(await ofMain.get('entries', id('both'))), 'by main')
  assert.is(await ofMain.get('entries', id('new')), undefined)
  assert.is(text(await ofMain.get('blobs', id('blob'))), 'blob')
  // Even where it could write to main's place.
  await mainPlace.put('entries', id('new'), (await pullPlace.get('entries', id('new')))!)
  assert.equal([await ofMain.get('entries', id('new')), ofMain.refused.unknown], [undefined, 1])
  const listed: string[] = []
  for await (const listing of ofPull.list('entries')) listed.push(listing.id)
  assert.equal(listed, [id('both'), id('new')].sort())
  await ofPull.close()
})

test.run()
