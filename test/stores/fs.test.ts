// The store in a folder, on a real disk: what it writes, and what it makes of damage, planted links and deleted folders.

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seal } from '../../runtime/stores/frame.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { sealedAs } from '../support/frames.js'
import { all, conformance, digestId, rejects, same } from '../support/store-conformance.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-fs-'))
test.after(() => rmSync(top, { recursive: true, force: true }))

const common = fsStore({ dir: join(top, 'conformance') })
conformance(() => common)

let count = 0
/** A store of its own for a test, and where it keeps an entry. */
function place(durability: 'fsync' | 'none' = 'fsync') {
  const dir = join(top, `store-${count++}`)
  const store = fsStore({ dir, durability })
  const id = digestId(dir)
  return { dir, store, id, path: join(dir, 'v1', 'entries', id.slice(0, 2), id) }
}

/** Where files are being written. */
function tempsOf(path: string): string {
  return join(dirname(path), '../../tmp')
}

function files(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => lstatSync(join(dir, name)).isFile())
    .sort()
}

const bytes = Buffer.from('the bytes of the entry')
/** Large, and nothing that can be compressed. */
const noise = randomBytes(300_000)

for (const durability of ['fsync', 'none'] as const) {
  test(`${durability}: the folder holds the tag and one sealed file an id, readable by their owner alone`, async () => {
    const { dir, store, id, path } = place(durability)
    await store.put('entries', id, bytes)
    await store.put('entries', id, bytes, { replace: true })
    await store.put('runs', 'Flow/17', bytes)
    assert.equal(files(dir), ['CACHEDIR.TAG', `v1/entries/${id.slice(0, 2)}/${id}`, 'v1/runs/Flow/17@'])
    assert.match(readFileSync(join(dir, 'CACHEDIR.TAG'), 'utf8'), /^Signature: 8a477f597d28d172789f06886806bc55\n/)
    same(readFileSync(path), seal(bytes))
    for (const file of files(dir)) assert.is(lstatSync(join(dir, file)).mode & 0o777, 0o600, file)
    for (let folder = dirname(path); folder !== top; folder = dirname(folder)) assert.is(lstatSync(folder).mode & 0o777, 0o700, folder)
    assert.is(store.name, `fs:${dir}`)
  })
}

test('reading a store that was never written makes nothing', async () => {
  const { dir, store, id } = place()
  assert.is(await store.get('entries', id), undefined)
  assert.equal(await all(store.list('runs')), [])
  await store.delete('entries', id)
  assert.not.ok(existsSync(dir))
})

test('what is no entry is a miss after ever so many hits, too', async () => {
  const { store, id, path } = place('none')
  const [absent, dangling, folder] = [digestId('absent'), digestId('dangling'), digestId('folder')]
  await store.put('entries', id, bytes)
  const pathOf = (other: string) => join(dirname(dirname(path)), other.slice(0, 2), other)
  mkdirSync(pathOf(folder), { recursive: true })
  mkdirSync(dirname(pathOf(dangling)), { recursive: true })
  symlinkSync(path, pathOf(dangling))
  for (const other of [absent, dangling, folder]) {
    for (let hit = 0; hit < 40; hit++) same((await store.get('entries', id))!, bytes)
    assert.is(await store.get('entries', other), undefined)
    assert.is(await store.get('entries', absent), undefined)
  }
})

test('cut short at any byte an entry is a miss, and the next put heals it', async () => {
  const { store, id, path } = place('none')
  await store.put('entries', id, bytes)
  const whole = readFileSync(path)
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    assert.is(await store.get('entries', id), undefined, `cut at ${length}`)
    assert.is(await store.put('entries', id, Buffer.from(`healed ${length}`)), true)
    same(await store.get('entries', id), Buffer.from(`healed ${length}`))
  }
  assert.equal(readdirSync(dirname(path)), [id])
  assert.equal(readdirSync(tempsOf(path)), [])
})

test('with any byte changed an entry is a miss, and the next put heals it', async () => {
  const { store, id, path } = place('none')
  await store.put('entries', id, bytes)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole)
    flipped[at]! ^= 1 << (at % 8)
    writeFileSync(path, flipped)
    assert.is(await store.get('entries', id), undefined, `byte ${at}`)
    assert.is(await store.put('entries', id, bytes), true)
    same(await store.get('entries', id), bytes)
  }
})

test('a link planted where an entry belongs is not read through, not written through, and replaced', async () => {
  for (const replace of [false, true]) {
    for (const content of [seal(Buffer.from('planted')), Buffer.from('precious'), undefined]) {
      const { dir, store, id, path } = place()
      const victim = `${dir}-victim`
      if (content) writeFileSync(victim, content)
      mkdirSync(dirname(path), { recursive: true })
      symlinkSync(victim, path)
      assert.is(await store.get('entries', id), undefined)
      assert.equal(await all(store.list('entries')), [])
      assert.is(await store.put('entries', id, bytes, { replace }), true)
      same(await store.get('entries', id), bytes)
      assert.ok(lstatSync(path).isFile())
      if (content) same(readFileSync(victim), content)
      else assert.not.ok(existsSync(victim))
    }
  }
})

test('deleting an entry where a link was planted leaves what it points at', async () => {
  const { dir, store, id, path } = place()
  writeFileSync(`${dir}-victim`, 'precious')
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(`${dir}-victim`, path)
  await store.delete('entries', id)
  assert.equal(readdirSync(dirname(path)), [])
  assert.is(readFileSync(`${dir}-victim`, 'utf8'), 'precious')
})

test('a link planted where a folder belongs is refused', async () => {
  for (const [room, id, planted] of [
    ['entries', digestId('x'), `v1/entries/${digestId('x').slice(0, 2)}`],
    ['entries', digestId('x'), 'v1/entries'],
    ['runs', 'Flow/17/a', 'v1/runs/Flow/17'],
    ['runs', 'Flow/17/a', 'v1'],
    ['runs', 'Flow/17/a', 'v1/tmp'],
  ] as const) {
    const { dir, store } = place()
    const elsewhere = `${dir}-elsewhere`
    mkdirSync(elsewhere)
    mkdirSync(dirname(join(dir, planted)), { recursive: true })
    symlinkSync(elsewhere, join(dir, planted))
    const error = await rejects('MM3003', () => store.put(room, id, bytes))
    assert.ok(error.message.includes(join(dir, planted)))
    assert.equal(readdirSync(elsewhere), [])
    assert.equal(await all(store.list(room)), [])
    assert.is(await store.get(room, id), undefined)
  }
})

test('the folder of the store itself may be a link', async () => {
  const { dir, store, id } = place()
  mkdirSync(`${dir}-disk`)
  symlinkSync(`${dir}-disk`, dir)
  assert.is(await store.put('entries', id, bytes), true)
  same(await store.get('entries', id), bytes)
})

test('a pipe planted where an entry belongs does not block', async () => {
  const { store, id, path } = place()
  mkdirSync(dirname(path), { recursive: true })
  execFileSync('mkfifo', [path])
  assert.is(await store.get('entries', id), undefined)
  assert.is(await store.put('entries', id, bytes), true)
  same(await store.get('entries', id), bytes)
})

test('a folder where an entry belongs is a miss, and a put says what to remove', async () => {
  const { store, id, path } = place()
  mkdirSync(join(path, 'full'), { recursive: true })
  assert.is(await store.get('entries', id), undefined)
  const error = await rejects('MM3002', () => store.put('entries', id, bytes))
  assert.match(error.message, /cannot write `.*`: EISDIR\. .* remove it/)
  assert.instance(error.cause, Error)
  assert.equal(readdirSync(dirname(path)), [id])
})

test('a file where the store belongs is trouble with a way out, for every call', async () => {
  const { dir, store, id } = place()
  writeFileSync(dir, 'a file')
  for (const [verb, work] of [
    ['read', () => store.get('entries', id)],
    ['write', () => store.put('entries', id, bytes)],
    ['write', () => store.put('entries', id, bytes, { replace: true })],
    ['delete', () => store.delete('entries', id)],
    ['list', () => all(store.list('entries'))],
  ] as const) {
    const error = await rejects('MM3002', work)
    assert.match(error.message, new RegExp(`^MM3002 cannot ${verb} \`${dir}.*ENOTDIR.*choose another folder`))
    assert.is((error.cause as NodeJS.ErrnoException).code, 'ENOTDIR')
  }
  assert.is(readFileSync(dir, 'utf8'), 'a file')
})

test('deleted in the middle of a run, the store is made again by the next put', async () => {
  const { dir, store, id } = place()
  for (const part of [dir, join(dir, 'v1'), join(dir, 'v1', 'entries')]) {
    assert.is(await store.put('entries', id, bytes), true)
    rmSync(part, { recursive: true })
    assert.is(await store.get('entries', id), undefined)
  }
  assert.is(await store.put('entries', id, bytes), true)
  same(await store.get('entries', id), bytes)
})

test('what a killed writer left behind is no entry, is swept when old, and kept when young', async () => {
  const { store, id, path } = place()
  await store.put('entries', id, bytes)
  await store.put('runs', 'Flow/17', bytes)
  const old = join(tempsOf(path), '~1-abcdef-0')
  const young = join(tempsOf(path), '~2-abcdef-0')
  for (const temp of [old, young]) writeFileSync(temp, 'half of a')
  utimesSync(old, new Date(Date.now() - 2 * 3_600_000), new Date(Date.now() - 2 * 3_600_000))
  assert.equal(
    (await all(store.list('entries'))).map(({ id }) => id),
    [id],
  )
  assert.equal(
    (await all(store.list('runs'))).map(({ id }) => id),
    ['Flow/17'],
  )
  assert.equal([old, young].map(existsSync), [false, true])
})

test('files of others in the folders are no ids', async () => {
  const { store, id, path } = place()
  await store.put('entries', id, bytes)
  await store.put('runs', 'a', bytes)
  const runs = join(dirname(path), '../../runs')
  for (const name of ['.DS_Store', 'thumbs db', `${id}.bak`]) writeFileSync(join(dirname(path), name), '')
  for (const name of ['.DS_Store', 'a', 'b c@', '..@']) writeFileSync(join(runs, name), '')
  assert.is((await all(store.list('entries'))).length, 1)
  assert.equal(
    (await all(store.list('runs'))).map(({ id }) => id),
    ['a'],
  )
})

/** Puts `instead` in the place of a call of node:fs, for faults that this disk cannot be made to show. */
async function broken(
  call: 'linkSync' | 'openSync' | 'renameSync' | 'writeSync' | 'writevSync' | 'fsync',
  instead: (...args: any[]) => unknown,
  work: () => Promise<void>,
) {
  const real = fs[call]
  Object.assign(fs, { [call]: instead })
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    Object.assign(fs, { [call]: real })
    syncBuiltinESMExports()
  }
}

function throws(code: string): () => never {
  return () => {
    throw fault(code)
  }
}

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: as the test asked`), { code })
}

type Done = (error: Error | null) => void

function fails(code: string): (fd: number, done: Done) => void {
  return (_, done) => done(fault(code))
}

/** `fs.fsync` after `before`, whose answer is the error if there is one; `after` when the disk has done it. */
function synced(before: (fd: number) => Error | void, after: (fd: number) => void = () => {}): (fd: number, done: Done) => void {
  const real = fs.fsync
  return (fd, done) => {
    const error = before(fd)
    if (error) return done(error)
    real(fd, (error) => {
      after(fd)
      done(error)
    })
  }
}

test('of puts at once each waits for its own bytes and a name that lasts, some for the same look at a folder', async () => {
  const { store } = place()
  await store.put('runs', 'same/first', bytes)
  const ids = Array.from({ length: 20 }, (_, n) => `same/${n}`)
  const lasting = new Set<number>()
  const seen = new Map<string, 'seen' | 'lasts'>()
  const begun = new Map<number, string[]>()
  let folders = 0
  const sync = synced(
    (fd) => {
      const isFolder = fs.fstatSync(fd).isDirectory()
      if (isFolder) folders++
      begun.set(fd, isFolder ? [...seen.keys()] : [])
    },
    (fd) => {
      lasting.add(fs.fstatSync(fd).ino)
      for (const name of begun.get(fd)!) seen.set(name, 'lasts')
    },
  )
  const link = fs.linkSync
  const name = (from: string, to: string) => {
    assert.ok(lasting.has(lstatSync(from).ino), 'its bytes do not last yet')
    link(from, to)
    seen.set(to.slice(to.indexOf('same/'), -1), 'seen')
  }
  await broken('fsync', sync, () =>
    broken('linkSync', name as never, async () => {
      await Promise.all(
        ids.map(async (id) => {
          assert.is(await store.put('runs', id, Buffer.from(id)), true)
          assert.is(seen.get(id), 'lasts', id)
        }),
      )
    }),
  )
  assert.ok(folders < ids.length, `${folders} looks`)
  for (const id of ids) same(await store.get('runs', id), Buffer.from(id))
})

function textIn(fd: number): string {
  const found = Buffer.alloc(1000)
  return found.toString('latin1', 0, fs.readSync(fd, found, 0, found.length, 0))
}

test('of puts at once the one whose disk fails is told, and no other', async () => {
  for (const code of ['EIO', 'ENOSPC']) {
    const { store, path } = place()
    const ids = Array.from({ length: 8 }, (_, n) => digestId(`${code} ${n}`))
    await Promise.all(ids.map((id) => store.put('entries', id, Buffer.from('before'), { replace: true })))
    const sync = synced((fd) => (textIn(fd).includes('the unlucky one') ? fault(code) : undefined))
    const bytesOf = (id: string) => Buffer.from(id === ids[3] ? 'the unlucky one' : id)
    await broken(
      'fsync',
      (fd, done) => (fs.fstatSync(fd).isDirectory() ? done(null) : sync(fd, done)),
      async () => {
        const told = await Promise.allSettled(ids.map((id) => store.put('entries', id, bytesOf(id), { replace: true })))
        for (const [n, outcome] of told.entries()) {
          if (n !== 3) assert.equal(outcome, { status: 'fulfilled', value: true })
          else assert.match((outcome as PromiseRejectedResult).reason.message, new RegExp(`^MM3002 .*${ids[3]}.*: ${code}`))
        }
      },
    )
    for (const [n, id] of ids.entries()) same(await store.get('entries', id), n === 3 ? Buffer.from('before') : bytesOf(id))
    assert.equal(readdirSync(tempsOf(path)), [])
    assert.is(await store.put('entries', ids[3]!, bytesOf(ids[3]!), { replace: true }), true)
  }
})

test('of puts of one id at once the first one stays, and of those that replace the last one', async () => {
  const { store, id } = place()
  const puts = (replace: boolean) => ['1', '2', '3'].map((text) => store.put('entries', id, Buffer.from(text), { replace }))
  assert.equal(await Promise.all(puts(false)), [true, false, false])
  same(await store.get('entries', id), Buffer.from('1'))
  const real = fs.fsync
  const slowly = [100, 50]
  const late = (fd: number, done: Done) => void setTimeout(() => real(fd, done), slowly.shift() ?? 0)
  await broken('fsync', late, async () => assert.equal(await Promise.all(puts(true)), [true, true, true]))
  same(await store.get('entries', id), Buffer.from('3'))
})

test('the first puts into a store are done when the folders that they are in last, too', async () => {
  const { dir, store, path } = place()
  const lasting = new Set<number>()
  const sync = synced(
    () => undefined,
    (fd) => lasting.add(fs.fstatSync(fd).ino),
  )
  await broken('fsync', sync, async () => {
    const puts = ['a', 'b', 'c'].map(async (name) => {
      const id = digestId(name)
      await store.put('entries', id, bytes)
      for (let at = join(dirname(path), '..', id.slice(0, 2)); at !== dirname(top); at = dirname(at))
        assert.ok(lasting.has(lstatSync(at).ino), at)
    })
    await Promise.all(puts)
  })
  assert.ok(existsSync(join(dir, 'CACHEDIR.TAG')))
})

test('a put that is made while the process exits is there', async () => {
  const { dir, id } = place()
  const module = new URL('../../runtime/stores/fs.js', import.meta.url).href
  const script = `import { fsStore } from '${module}'; const store = fsStore({ dir: ${JSON.stringify(dir)} }); process.on('exit', () => void store.put('entries', '${id}', Buffer.from('late'))); process.exit()`
  execFileSync(process.execPath, ['--input-type=module', '-e', script])
  same(await fsStore({ dir }).get('entries', id), Buffer.from('late'))
})

test('however many puts are made at once, few files are open', async () => {
  const { store, path } = place()
  let most = 0
  const sync = synced(() => {
    most = Math.max(most, readdirSync(tempsOf(path)).length)
  })
  const ids = Array.from({ length: 100 }, (_, n) => digestId(`many ${n}`))
  await broken('fsync', sync, async () => {
    assert.equal(new Set(await Promise.all(ids.map((id) => store.put('entries', id, bytes)))), new Set([true]))
  })
  assert.ok(most > 1 && most <= 32, `${most}`)
})

test('removing what is older than a moment leaves what is younger, whenever it came there, and no other file', async () => {
  const past = new Date(Date.now() - 86_400_000)
  const before = { before: Date.now() - 3_600_000 }
  for (const puts of [[], ['before it is put aside'], ['after that'], ['before it is put aside', 'before it comes back']]) {
    const { store, id, path } = place('none')
    await store.put('entries', id, bytes)
    utimesSync(path, past, past)
    const [rename, link] = [fs.renameSync, fs.linkSync] as ((...args: any[]) => unknown)[]
    const at = (when: string) => {
      if (puts.includes(when)) void store.put('entries', id, Buffer.from(when), { replace: true })
    }
    const putAside = (...args: any[]) => {
      const own = args[0] === path
      if (own) at('before it is put aside')
      rename!(...args)
      if (own) at('after that')
    }
    const comeBack = (...args: any[]) => {
      at('before it comes back')
      return link!(...args)
    }
    await broken('renameSync', putAside, () => broken('linkSync', comeBack, () => store.delete('entries', id, before)))
    const got = await store.get('entries', id)
    assert.is(got && String(Buffer.from(got)), puts.at(-1), puts.join())
    assert.equal(readdirSync(tempsOf(path)), [], puts.join())
  }
  const { store, id, path } = place('none')
  await store.delete('entries', id, before)
  await store.put('entries', id, bytes)
  rmSync(tempsOf(path), { recursive: true })
  await store.delete('entries', id, before)
  same(await store.get('entries', id), bytes)
  utimesSync(path, past, past)
  await store.delete('entries', id, before)
  assert.is(await store.get('entries', id), undefined)
})

test('what is large and repeats itself is kept small, and comes back exactly', async () => {
  const text = Buffer.from(JSON.stringify(Array.from({ length: 20_000 }, (_, n) => ({ id: n, name: `user ${n}` }))))
  for (const [payload, compression, most] of [
    [text, 'auto', text.length / 4],
    [text, 'none', text.length + 48],
    [noise, 'auto', noise.length + 48],
    [text.subarray(0, 65_535), 'auto', 65_535 + 48],
    [Buffer.alloc(65_536), 'auto', 1000],
  ] as const) {
    const { dir, id, path } = place()
    const store = fsStore({ dir, compression })
    assert.is(await store.put('entries', id, payload), true)
    const size = lstatSync(path).size
    assert.ok(size <= most && (most < payload.length || size === most), `${size} bytes for ${payload.length}`)
    for (const other of ['auto', 'none'] as const) same(await fsStore({ dir, compression: other }).get('entries', id), payload)
    assert.is(await store.put('entries', id, Buffer.from('second')), false)
  }
})

test('a large entry cut short or changed anywhere is a miss, and the next put heals it', async () => {
  for (const payload of [noise, Buffer.alloc(100_000, 'text ')]) {
    const { store, id, path } = place('none')
    await store.put('entries', id, payload)
    const whole = readFileSync(path)
    const places = [0, 7, 8, 9, 10, 15, 16, 47, 48, 53, 54, 60, whole.length >> 1, whole.length - 1]
    for (const at of places) {
      for (const damage of [whole.subarray(0, at), Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0x81 : byte))]) {
        writeFileSync(path, damage)
        assert.is(await store.get('entries', id), undefined, `at ${at}`)
        assert.is(await store.put('entries', id, payload), true)
        same(await store.get('entries', id), payload)
      }
    }
  }
})

test('what a later version wrote is a miss that stays, until it is replaced', async () => {
  const { store, id, path } = place()
  await store.put('entries', id, bytes)
  const newer = sealedAs(3, Buffer.from('written in a way that is not known yet'))
  writeFileSync(path, newer)
  assert.is(await store.get('entries', id), undefined)
  assert.is(await store.put('entries', id, bytes), false)
  same(readFileSync(path), newer)
  assert.is(await store.put('entries', id, bytes, { replace: true }), true)
  same(await store.get('entries', id), bytes)
})

test('replaced by one of another size while it is read, an entry is read whole or not at all', async () => {
  const { dir, id } = place()
  // Without compression a put is one step, which the swap below relies on.
  const store = fsStore({ dir, durability: 'none', compression: 'none' })
  await store.put('entries', id, bytes)
  const real = fs.openSync as (...args: any[]) => number
  for (const next of [noise, Buffer.from('short')]) {
    let swapped = false
    const swap = (...args: any[]) => {
      if (!swapped) {
        swapped = true
        void store.put('entries', id, next, { replace: true })
      }
      return real(...args)
    }
    await broken('openSync', swap, async () => same(await store.get('entries', id), next))
  }
})

test('on a disk without hard links the first one still stays, and damage still heals', async () => {
  await broken('linkSync', throws('EPERM'), async () => {
    const { store, id, path } = place()
    assert.is(await store.put('entries', id, bytes), true)
    assert.is(await store.put('entries', id, Buffer.from('second')), false)
    same(await store.get('entries', id), bytes)
    writeFileSync(path, 'damage')
    assert.is(await store.put('entries', id, Buffer.from('third')), true)
    same(await store.get('entries', id), Buffer.from('third'))
    assert.equal(readdirSync(dirname(path)), [id])
  })
})

test('nothing is written, and no temporary file is left, when the disk fails', async () => {
  for (const [call, payload] of [
    ['writeSync', bytes],
    ['writevSync', noise],
    ['fsync', bytes],
    ['linkSync', bytes],
  ] as const) {
    const { store, id, path } = place()
    mkdirSync(dirname(path), { recursive: true })
    mkdirSync(tempsOf(path))
    await broken(call, call === 'fsync' ? fails('EIO') : throws('EIO'), async () => {
      const error = await rejects('MM3002', () => store.put('entries', id, payload))
      assert.match(error.message, /EIO\. The disk reports a fault/)
    })
    assert.is(await store.get('entries', id), undefined)
    assert.equal([...readdirSync(dirname(path)), ...readdirSync(tempsOf(path))], [], call)
  }
})

test('what is put lasts before it is seen, and its name lasts before the put is done', async () => {
  for (const [durability, replace, expected] of [
    ['fsync', false, ['file', 'seen', 'folder']],
    ['fsync', true, ['file', 'seen', 'folder']],
    ['none', false, ['seen']],
    ['none', true, ['seen']],
  ] as const) {
    const { store, id, path } = place(durability)
    await store.put('entries', digestId('first'), bytes)
    mkdirSync(dirname(path), { recursive: true })
    const order: string[] = []
    const real = { link: fs.linkSync, rename: fs.renameSync }
    const sync = synced((fd) => void order.push(fs.fstatSync(fd).isDirectory() ? 'folder' : 'file'))
    const seen = (move: (from: string, to: string) => void) => (from: string, to: string) => {
      order.push('seen')
      move(from, to)
    }
    await broken('fsync', sync, () =>
      broken('linkSync', seen(real.link), () =>
        broken('renameSync', seen(real.rename), async () => assert.is(await store.put('entries', id, bytes, { replace }), true)),
      ),
    )
    assert.equal(order, expected, `${durability} ${replace}`)
  }
})

test('deleted in the middle of a put, the store is made again by that put', async () => {
  for (const [call, replace] of [
    ['openSync', false],
    ['linkSync', false],
    ['renameSync', true],
  ] as const) {
    const { dir, store, id } = place()
    const real = fs[call] as (...args: any[]) => unknown
    let deleted = false
    const deleteFirst = (...args: any[]) => {
      if (!deleted && (call !== 'openSync' || String(args[0]).includes('~'))) {
        deleted = true
        rmSync(dir, { recursive: true })
      }
      return real(...args)
    }
    await broken(call, deleteFirst, async () => {
      assert.is(await store.put('entries', id, bytes, { replace }), true)
    })
    assert.ok(deleted)
    same(await store.get('entries', id), bytes)
  }
})

if (existsSync('/proc/self/fd')) {
  test('no file stays open', async () => {
    const { store, id, path } = place('none')
    const before = readdirSync('/proc/self/fd').length
    for (let n = 0; n < 50; n++) {
      await store.put('entries', id, bytes, { replace: true })
      await store.get('entries', id)
      writeFileSync(path, 'damage')
      await store.get('entries', id)
    }
    assert.is(readdirSync('/proc/self/fd').length, before)
  })
}

test.run()
