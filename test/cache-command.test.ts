// `mintmark cache` as it is typed: what it prints, how it ends, in a folder and in a bucket.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { s3Store } from '../runtime/stores/s3.js'
import { tieredStore } from '../runtime/stores/tiered.js'
import { age, idsOf, keep, large } from './support/kept.js'
import { BUCKET, CREDENTIALS, type S3Server, startS3, useCredentials } from './support/s3.js'

const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const CALLER = fileURLToPath(new URL('./support/counted-caller.js', import.meta.url))
const DAY = 86_400_000
const ESCAPE = '\u001b[2J\u202e'

let dir = ''
let store: Store
let server: S3Server

test.before(async () => {
  useCredentials()
  server = await startS3()
})
test.after(() => server.stop())
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'mintmark-cache-'))
  store = fsStore({ dir: join(dir, '.mintmark'), durability: 'none' })
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

interface Done {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Done> {
  const { MINTMARK_STORE: _s, MINTMARK_TRUST: _t, MINTMARK_SIGNING_KEY: _k, MINTMARK_STATS: _st, ...outer } = process.env
  const child = spawn(process.execPath, args, { cwd: dir, env: { ...outer, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

const cache = (...args: string[]) => node([COMMAND, 'cache', ...args])

test('ls and show: decoded, cut, and harmless to a terminal', async () => {
  const key = await keep(store, 'a', { text: `${ESCAPE}red`, list: new Map([[1, new Date(0)]]) }, `src/a.ts#${ESCAPE}step`)
  await keep(store, 'b', large('b'), 'src/b.ts#other')
  const listed = await cache('ls')
  assert.is(listed.code, 0)
  assert.match(listed.out, RegExp(`^${key.slice(0, 16)} +\\d+\\w+ +\\d+ B  src/a\\.ts#\\\\u001b\\[2J\\\\u202estep$`, 'm'))
  assert.match(listed.out, /70\.\d kB {2}src\/b\.ts#other$/m)
  assert.match(listed.err, /^2 entries$/m)
  const lines = (await cache('ls', '--json', '--step', 'a.ts')).out.trim().split('\n')
  assert.equal([lines.length, JSON.parse(lines[0]!).key, JSON.parse(lines[0]!).step], [1, key, `src/a.ts#${ESCAPE}step`])
  assert.is((await cache('ls', '--limit', '1')).out.trim().split('\n').length, 1)
  const shown = await cache('show', key.slice(0, 8))
  assert.is(shown.code, 0)
  assert.match(shown.out, `key      ${key}\n`)
  assert.match(shown.out, /Map\(1\) \{ 1 => 1970-01-01T00:00:00\.000Z \}/)
  const cut = JSON.parse((await cache('show', (await keep(store, 'c', 'x'.repeat(50))).slice(0, 20), '--limit', '10', '--json')).out)
  assert.equal([cut.outputs[0].value.length, cut.outputs[0].cut, cut.outputs[0].inline], [10, true, true])
  for (const { out, err } of [listed, shown, await cache('show', key, '--json'), await cache('ls', '--json')])
    assert.not.match(out + err, /(?!\n)[\p{Cc}\u202e]/u)
})

const refused: readonly (readonly [args: string, code: number, message: RegExp])[] = [
  ['show 12', 2, /MM5042 "12" is no key/],
  [`show ${'0'.repeat(64)}`, 2, /MM5042 .* has no entry/],
  ['rm', 2, /MM5042 say what/],
  ['rm --all --step x --yes', 2, /MM5042 say what/],
  ['rm --all', 2, /MM5043 nothing was removed/],
  ['gc', 2, /MM5043 nothing was removed/],
  ['gc --max-age soon --yes', 2, /^MM5017 .*--max-age/],
  ['gc --max-size 5XB --yes', 2, /^MM5017 .*--max-size/],
  ['ls --limit 0', 2, /^MM5017 .*--limit/],
  ['ls xyz', 2, /^MM5017 .*hex digits/],
  ['ls --store none', 2, /MM5044 there is no store at `.*none`/],
  ['ls --store ftp://x', 2, /MM5021/],
  ['sl', 2, /^MM5017 unknown command 'sl'/],
  ['gc --max-age', 2, /^MM5017 .*--max-age/],
]
for (const [args, code, message] of refused) {
  test(`refused: cache ${args.slice(0, 40)}`, async () => {
    await keep(store, 'a', 1)
    const done = await cache(...args.split(' '))
    assert.match(done.err, message)
    assert.equal([done.code, done.out, existsSync(join(dir, 'none'))], [code, '', false])
    assert.is((await idsOf(store, 'entries')).length, 1)
  })
}

test('rm by key, by step, by age, and everything', async () => {
  const keys = [
    await keep(store, 'a', 1),
    await keep(store, 'b', 2, 'src/b.ts#b'),
    await keep(store, 'c', 3),
    await keep(store, 'd', large('d')),
  ]
  const left = async () => (await idsOf(store, 'entries')).length
  const removed = async (...args: string[]) => JSON.parse((await cache('rm', ...args, '--json')).out).removed
  assert.equal([await removed(keys[0]!.slice(0, 12), '--dry-run'), await left()], [1, 4])
  assert.equal([await removed(keys[0]!.slice(0, 12), '--yes'), await left()], [1, 3])
  assert.equal([await removed('--step', 'b.ts', '--yes'), await left()], [1, 2])
  age(join(dir, '.mintmark'), 'entries', 3 * DAY, keys[2])
  assert.equal([await removed('--older-than', '2d', '--yes'), await left()], [1, 1])
  assert.equal([await removed('--all', '--yes'), await left(), await idsOf(store, 'blobs')], [2, 0, []])
})

test('verify: the exit code is the sum of what is wrong', async () => {
  const [a, b, c] = [await keep(store, 'a', 1), await keep(store, 'b', large('b')), await keep(store, 'c', large('c'))]
  assert.equal([(await cache('verify')).code, (await cache('verify', '--json')).code], [0, 0])
  const [one, other] = await idsOf(store, 'blobs')
  const file = (room: string, id: string) => join(dir, '.mintmark/v1', room, id.slice(0, 2), id)
  const flip = (path: string) => {
    const bytes = readFileSync(path)
    bytes[bytes.length - 1]! ^= 1
    writeFileSync(path, bytes)
  }
  flip(file('blobs', one!))
  const damaged = await cache('verify')
  assert.is(damaged.code, 8 + 16)
  assert.match(damaged.out, RegExp(`^blobs/${one}: `, 'm'))
  await store.delete('blobs', other!)
  flip(file('entries', a))
  const all = JSON.parse((await cache('verify', '--json')).out)
  assert.equal(
    all.problems.map(({ kind, id }: { kind: string; id: string }) => [kind, id]).sort(),
    [
      ['blob', one],
      ['missing', b],
      ['missing', c],
      ['record', a],
    ].sort(),
  )
  // Sound bytes, and the entry of another key.
  await store.put('entries', a, (await store.get('entries', b))!, { replace: true })
  assert.match((await cache('verify')).out, RegExp(`^entries/${a}: it is the entry of another key, ${b}`, 'm'))
  assert.is(
    (await node([COMMAND, 'cache', 'verify'], { MINTMARK_TRUST: `ed25519:${Buffer.alloc(32, 7).toString('base64url')}` })).code,
    4 + 8 + 16 + 32,
  )
})

test('gc removes what it says, and tells it on standard output', async () => {
  await keep(store, 'a', large('a'))
  await store.delete('entries', (await idsOf(store, 'entries'))[0]!)
  age(join(dir, '.mintmark'), 'blobs', 2 * DAY)
  assert.is(JSON.parse((await cache('gc', '--dry-run', '--grace', '3d', '--json')).out).blobs.removed, 0)
  const { out, code } = await cache('gc', '--yes', '--max-age', '30d', '--max-size', '1.5GB')
  assert.is(code, 0)
  assert.match(out, /^blobs +1 +\d+ B|^blobs +1 +70\.\d kB/m)
  assert.equal(await idsOf(store, 'blobs'), [])
})

test('doctor: well, others may write, and a folder that takes nothing', async () => {
  const well = await cache('doctor', '--store', 'made/anew', '--json')
  assert.equal([well.code, JSON.parse(well.out).findings.map(({ status }: { status: string }) => status)], [0, Array(10).fill('ok')])
  assert.equal(await idsOf(fsStore({ dir: join(dir, 'made/anew') }), 'runs'), [])
  chmodSync(join(dir, 'made/anew'), 0o777)
  const open = await cache('doctor', '--store', 'made/anew')
  assert.is(open.code, 1)
  assert.match(open.out, /^failed +rights +others can write/m)
  const keyed = await node([COMMAND, 'cache', 'doctor', '--store', 'made/anew'], { MINTMARK_SIGNING_KEY: 'c2VjcmV0' })
  assert.match(keyed.out, /^failed +keys +MM5041/m)
  assert.not.match(keyed.out + keyed.err, 'c2VjcmV0')
  writeFileSync(join(dir, 'file'), '')
  const none = await cache('doctor', '--store', 'file')
  assert.is(none.code, 1)
  assert.match(none.out, /^failed +write +MM3002/m)
})

test('stats: runs, functions of processes that asked for it, and what is held', async () => {
  for (const stats of ['1', '1', '']) assert.is((await node([CALLER], { MINTMARK_STATS: stats })).code, 0)
  const { functions, rooms } = JSON.parse((await cache('stats', '--json')).out)
  const { savedMs, ...worth } = functions['test#square']
  assert.equal(worth, { runs: 2, executed: 2, hits: 2, resumed: 0, failed: 0, misses: { absent: 2 } })
  assert.ok(savedMs > 0)
  assert.equal([rooms.entries.count, rooms.runs.count], [2, 2])
  assert.match((await cache('stats')).out, /^test#square +2 +2 +2 +0 +0 +\S+ +2 absent$/m)
  const later = JSON.parse((await cache('stats', '--since', '0ms', '--json')).out)
  assert.equal(later.functions, {})
})

test('a bucket: list in pages, show, verify, gc, doctor and rm', async () => {
  await server.pageSize(3)
  const place = `s3://${BUCKET}/cache?endpoint=${encodeURIComponent(server.endpoint)}&region=us-east-1`
  const bucket = s3Store({ bucket: BUCKET, prefix: 'cache', endpoint: server.endpoint })
  const env = { AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey, MINTMARK_STORE: place }
  const at = (...args: string[]) => node([COMMAND, 'cache', ...args], env)
  const keys = []
  for (let n = 0; n < 8; n++) keys.push(await keep(bucket, `${n}`, n < 4 ? large(`${n}`) : n))
  const listed = await at('ls', '--json')
  assert.equal(
    listed.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key),
    [...keys].sort(),
  )
  assert.match((await at('show', keys[7]!)).out, /\n7\n$/)
  assert.is((await at('verify')).code, 0)
  for (const n of [0, 1]) await bucket.delete('entries', keys[n]!)
  assert.is(JSON.parse((await at('gc', '--yes', '--grace', '0ms', '--json')).out).blobs.removed, 2)
  const doctor = await at('doctor')
  assert.equal([doctor.code, doctor.out.match(/^ok/gm)?.length], [0, 8])
  assert.is((await at('rm', '--all', '--yes')).code, 0)
  assert.equal([await idsOf(bucket, 'entries'), await idsOf(bucket, 'blobs')], [[], []])
  const wrong = await node([COMMAND, 'cache', 'ls'], { ...env, AWS_SECRET_ACCESS_KEY: 'canary' })
  assert.equal([wrong.code, wrong.out], [3, ''])
  assert.match(wrong.err, /^MM3012 /m)
  await bucket.close()
})

test('interrupted: exit code 130; read no further: exit code 0', async () => {
  for (let n = 0; n < 600; n++) await keep(store, `${n}`, n, `src/${'long/'.repeat(30)}a.ts#step`)
  for (const [end, expected] of [
    [(child: ReturnType<typeof spawn>) => child.kill('SIGINT'), 130],
    [(child: ReturnType<typeof spawn>) => child.stdout!.destroy(), 0],
  ] as const) {
    const child = spawn(process.execPath, [COMMAND, 'cache', 'ls', '--json'], { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] })
    // More than a pipe holds, and nobody reads on.
    await once(child.stdout!, 'readable')
    end(child)
    const [code] = await once(child, 'exit')
    assert.is(code, expected)
  }
})

test('push brings to the bucket what it did not get while it was away, and says how much; a store with none behind it is refused', async () => {
  const bucket = () => s3Store({ bucket: BUCKET, prefix: 'pushed', endpoint: server.endpoint })
  await server.faults({ kind: 'status', status: 403, code: 'AccessDenied', times: 1000 })
  const shared = bucket()
  const tiers = tieredStore({ local: store, shared })
  const key = await keep(tiers, 'made meanwhile', large('made meanwhile'))
  await tiers.close()
  const place = ['--store', `${join(dir, '.mintmark')}+s3://${BUCKET}/pushed?endpoint=${encodeURIComponent(server.endpoint)}`]
  const refused = await cache('push', ...place)
  assert.equal([refused.code, /MM3012/.test(refused.err)], [1, true])
  await server.faults()
  const { code, out } = await cache('push', '--json', ...place)
  assert.equal([code, JSON.parse(out)], [0, { written: 2, failed: 0 }])
  const there = bucket()
  assert.equal([await idsOf(there, 'entries'), (await idsOf(there, 'blobs')).length], [[key], 1])
  assert.equal(JSON.parse((await cache('push', '--json', ...place)).out), { written: 0, failed: 0 })
  assert.is(JSON.parse((await cache('ls', '--json', ...place)).out).key, key)
  await there.close()
  const alone = await cache('push')
  assert.equal([alone.code, /MM5047/.test(alone.err)], [2, true])
})

test.run()
