// What every store must do, whatever it keeps its bytes in: registered as tests of the file that calls `conformance`.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MintmarkError } from '../../runtime/errors.js'
import { type Listing, ROOMS, type Room, type Store } from '../../runtime/store.js'

/** An id for the rooms that take digests: as unique as its seed. */
export function digestId(seed: string | Uint8Array): string {
  return createHash('sha256').update(seed).digest('hex')
}

export function same(actual: Uint8Array | undefined, expected: Uint8Array): void {
  assert.ok(actual, 'missed')
  assert.ok(Buffer.compare(actual, expected) === 0, `other bytes: ${inspect(actual)}`)
}

export async function all(listing: AsyncIterable<Listing>): Promise<Listing[]> {
  const found: Listing[] = []
  for await (const one of listing) found.push(one)
  return found
}

/** Asserts that the work rejects with this code, and gives the error. */
export async function rejects(code: string, work: () => Promise<unknown>): Promise<MintmarkError> {
  try {
    await work()
  } catch (error) {
    assert.instance(error, MintmarkError)
    assert.is((error as MintmarkError).code, code, (error as MintmarkError).message)
    return error as MintmarkError
  }
  assert.unreachable(`expected ${code}`)
  throw new Error('unreachable')
}

const HOSTILE: readonly [Room, unknown][] = [
  ...[
    '',
    '..',
    '../../etc/passwd',
    'a'.repeat(63),
    'a'.repeat(65),
    'A'.repeat(64),
    `${'a'.repeat(63)}/`,
    `${'a'.repeat(64)}\n`,
    '__proto__',
  ].flatMap((id) => [['entries', id] as [Room, string], ['blobs', id] as [Room, string]]),
  ...[
    '',
    '.',
    '..',
    '/',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a\\b',
    'C:a',
    'a\0b',
    'a b',
    'a\n',
    '~a',
    'a@',
    'ä',
    '%2e%2e',
    'x'.repeat(129),
    'x'.repeat(10_000),
    `${'a/'.repeat(10)}a`,
    Array(9).fill('x'.repeat(100)).join('/'),
  ].map((id): [Room, string] => ['runs', id]),
  ['entries', undefined],
  ['runs', 7],
  ['runs', { toString: () => 'a' }],
  ['rooms' as Room, 'a'.repeat(64)],
  ['__proto__' as Room, 'a'.repeat(64)],
  ['../entries' as Room, 'a'.repeat(64)],
]

const RUN_IDS = ['a', 'a-b', 'a/b', 'a/b/c', 'a.b', 'a0', 'A/=_.-/...', 'constructor', `${'x'.repeat(128)}/y`]

/**
 * `make` gives a store over the same, initially empty place each time that it is called. `rooms` are those that take any bytes under any id.
 */
export interface ConformanceOptions {
  /** Default: all. */
  readonly rooms?: readonly Room[]
  /** False where the server cannot tell who was first: then several of many puts at once may be told that they were, and one of these stays. Default true. */
  readonly oneWins?: boolean
}

export function conformance(make: () => Store | Promise<Store>, { rooms = ROOMS, oneWins = true }: ConformanceOptions = {}): void {
  let store: Store
  // Ids that no other test used, so that one place serves all of them.
  const fresh = (room: Room) => (room === 'runs' ? `Flow/${randomUUID()}` : digestId(randomUUID()))

  test.before(async () => {
    store = await make()
  })
  test.after(() => store.close())

  for (const room of rooms) {
    test(`${room}: what was never put is a miss`, async () => {
      assert.is(await store.get(room, fresh(room)), undefined)
    })

    for (const size of [0, 1, 1000, 100_000, 3_000_000]) {
      test(`${room}: ${size} bytes come back exactly`, async () => {
        const id = fresh(room)
        const bytes = randomBytes(size)
        assert.is(await store.put(room, id, bytes), true)
        same(await store.get(room, id), bytes)
      })
    }

    test(`${room}: the first one stays, and its writer alone is told so`, async () => {
      const id = fresh(room)
      assert.is(await store.put(room, id, Buffer.from('first')), true)
      assert.is(await store.put(room, id, Buffer.from('second')), false)
      same(await store.get(room, id), Buffer.from('first'))
    })

    test(`${room}: replace replaces, with or without something there`, async () => {
      const id = fresh(room)
      assert.is(await store.put(room, id, Buffer.from('first, the longer'), { replace: true }), true)
      assert.is(await store.put(room, id, Buffer.from('second'), { replace: true }), true)
      same(await store.get(room, id), Buffer.from('second'))
    })

    test(`${room}: of many puts at once one wins, and its bytes are there`, async () => {
      const id = fresh(room)
      const told = await Promise.all(Array.from({ length: 16 }, (_, n) => store.put(room, id, Buffer.from(`writer ${n}`))))
      const got = Buffer.from((await store.get(room, id))!).toString()
      assert.ok(told.some((won, n) => won && got === `writer ${n}`))
      if (oneWins) assert.is(told.filter(Boolean).length, 1)
    })

    test(`${room}: deleted is gone, and may be put again`, async () => {
      const id = fresh(room)
      await store.put(room, id, Buffer.from('old'))
      await store.delete(room, id)
      assert.is(await store.get(room, id), undefined)
      await store.delete(room, id)
      assert.is(await store.put(room, id, Buffer.from('new')), true)
      same(await store.get(room, id), Buffer.from('new'))
    })
  }

  test('rooms do not share ids', async () => {
    const id = fresh('entries')
    await store.put('entries', id, Buffer.from('entry'))
    assert.is(await store.get('blobs', id), undefined)
    assert.is(await store.get('runs', id), undefined)
  })

  test('every byte value comes back, from a view into a larger buffer too', async () => {
    const large = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256))
    const view = new Uint8Array(large.buffer, large.byteOffset + 100, 300)
    const id = digestId(view)
    await store.put('blobs', id, view)
    same(await store.get('blobs', id), view)
  })

  test('what a caller does to bytes after put or get changes nothing', async () => {
    const id = fresh('entries')
    const bytes = Buffer.from('kept')
    await store.put('entries', id, bytes)
    bytes.fill(0)
    const got = await store.get('entries', id)
    same(got, Buffer.from('kept'))
    got!.fill(0)
    same(await store.get('entries', id), Buffer.from('kept'))
  })

  test('another store over the same place sees the same', async () => {
    const id = fresh('entries')
    await store.put('entries', id, Buffer.from('shared'))
    const other = await make()
    same(await other.get('entries', id), Buffer.from('shared'))
    await other.close()
  })

  test('the ids of runs are paths: one may begin another', async () => {
    for (const id of RUN_IDS) assert.is(await store.put('runs', id, Buffer.from(id)), true, id)
    for (const id of RUN_IDS) same(await store.get('runs', id), Buffer.from(id))
  })

  test('runs are listed in code-unit order, below a plain string prefix', async () => {
    const top = fresh('runs')
    const ids = ['a', 'a-b', 'a/b', 'a/b/c', 'a/b-c', 'a.b', 'a0', 'ab', 'B'].map((id) => `${top}/${id}`)
    for (const id of ids) await store.put('runs', id, Buffer.from(id))
    const listed = async (prefix: string) => (await all(store.list('runs', prefix))).map(({ id }) => id)
    assert.equal(await listed(`${top}/`), [...ids].sort())
    assert.equal(await listed(`${top}/a/`), ids.filter((id) => id.startsWith(`${top}/a/`)).sort())
    assert.equal(await listed(`${top}/a/b`), ids.filter((id) => id.startsWith(`${top}/a/b`)).sort())
    assert.equal(await listed(`${top}/a`), ids.filter((id) => id.startsWith(`${top}/a`)).sort())
    assert.equal(await listed(top.slice(0, -1)), [...ids].sort())
    assert.equal(await listed(`${top}/none`), [])
    assert.equal(await listed('../'), [])
  })

  for (const room of ['entries', 'blobs'] as const) {
    test(`${room} are listed in code-unit order, with size and time, below any prefix`, async () => {
      const before = Date.now()
      const ids = Array.from({ length: 30 }, () => fresh(room))
      for (const id of ids) await store.put(room, id, Buffer.alloc(10))
      const listed = await all(store.list(room))
      const known = listed.map(({ id }) => id)
      assert.equal(known, [...known].sort())
      assert.equal(new Set(known).size, known.length)
      for (const id of ids) assert.ok(known.includes(id))
      for (const { size, modified } of listed.filter(({ id }) => ids.includes(id))) {
        assert.ok(size >= 10 && size < 1000, `size ${size}`)
        // A file system or a server may keep whole seconds, and has a clock of its own.
        assert.ok(Math.abs(modified - before) < 120_000, `modified ${modified}`)
      }
      for (const length of [1, 2, 3, 64]) {
        const prefix = ids[0]!.slice(0, length)
        assert.equal(
          (await all(store.list(room, prefix))).map(({ id }) => id),
          known.filter((id) => id.startsWith(prefix)),
        )
      }
    })
  }

  test('an id that could leave its room is refused by every call, before anything is touched', async () => {
    for (const [room, id] of HOSTILE) {
      await rejects('MM3001', () => store.get(room, id as string))
      await rejects('MM3001', () => store.put(room, id as string, Buffer.from('x')))
      await rejects('MM3001', () => store.put(room, id as string, Buffer.from('x'), { replace: true }))
      await rejects('MM3001', () => store.delete(room, id as string))
    }
  })
}
