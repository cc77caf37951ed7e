// Flows as a user has them: compiled by the real `tspc`, run by a real Node, killed for real. What is asserted is what was executed.

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openWorkbench, type Workbench } from './support/workbench.js'

interface Ended {
  readonly code: number | null
  readonly stderr: string
  readonly executed: string[]
}

let bench: Workbench

test.before(() => {
  bench = openWorkbench('test/fixtures/flows')
  compile()
})
test.before.each(() => rmSync(path.join(bench.dir, '.mintmark'), { recursive: true, force: true }))
test.after(() => bench.remove())

function compile(): void {
  const { status, stdout, stderr } = bench.compile()
  assert.is(status, 0, stdout + stderr)
}

/** Runs a flow; with `killAt`, until it has executed so many things. */
async function run(args: readonly string[], { cwd = bench.dir, killAt = Number.POSITIVE_INFINITY } = {}): Promise<Ended> {
  const log = path.join(cwd, 'executed')
  const read = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [])
  rmSync(log, { force: true })
  const { MINTMARK_MODE: _mode, MINTMARK_STRICT: _strict, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const watch = Number.isFinite(killAt) ? setInterval(() => read().length >= killAt && child.kill('SIGKILL'), 1) : undefined
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watch)
  return { code, stderr, executed: read() }
}

const everything = (command: string, ...args: string[]) => run(['dist/everything.js', command, '--max-workers', '1', ...args])

/** What `end` tells. */
function report(size: number): string {
  const numbers = Array.from({ length: size }, (_, g) => Array.from({ length: g + 1 }, (_, m) => g * 10 + m)).flat()
  const total = 2 * numbers.reduce((sum, n) => sum + n)
  return `end ${JSON.stringify([total, 0, total % 4 === 0 ? 'a even' : 'a odd', 'x0y1z2', 3, 1970 + size, size * 10, size])}`
}

const ALL = [
  ...['start', 'prepare', 'group g0', 'member 0', 'sum g0', 'group g1', 'member 10', 'member 11', 'sum g1'],
  ...['group g2', 'member 20', 'member 21', 'member 22', 'sum g2', 'all', 'gather', 'a', 'even'],
  ...['b', 'piece x', 'piece y', 'b', 'piece y', 'piece z', 'join', 'again', 'again', 'again', 'tell', report(3)],
]

/** Branches and items do not wait for one another: which is the first of those that can begin depends on the disk. */
const inAnyOrder = (executed: readonly string[]) => [...executed].sort()

test('every shape of a flow is executed once, and known ever after', async () => {
  const first = await everything('run')
  assert.equal([first.code, inAnyOrder(first.executed), first.executed.at(-1)], [0, inAnyOrder(ALL), report(3)])
  assert.equal((await everything('run')).executed, [report(3)])
})

test('another parameter executes what it bears on', async () => {
  await everything('run')
  const { executed } = await everything('run', '--size', '4')
  assert.equal(
    executed.filter((line) => line.startsWith('member')),
    ['member 30', 'member 31', 'member 32', 'member 33'],
  )
  assert.is(executed.at(-1), report(4))
  assert.not.ok(executed.includes('piece x'))
})

test('changed code that makes the same bytes keeps everything after it', async () => {
  await everything('run')
  bench.edit('src/everything.ts', 'this.groups.set(`g${g}`', 'this.groups.set("g" + g')
  bench.edit('src/everything.ts', "this.left = 'a'", "this.left = ['a'].join()")
  compile()
  assert.equal((await everything('run')).executed, ['prepare', 'a', report(3)])
})

test('run from another folder it is the same flow with another store', async () => {
  const cwd = path.join(bench.dir, 'elsewhere')
  mkdirSync(cwd, { recursive: true })
  const elsewhere = () => run(['../dist/everything.js', 'run', '--max-workers', '1'], { cwd })
  assert.equal(inAnyOrder((await elsewhere()).executed), inAnyOrder(ALL))
  assert.equal((await elsewhere()).executed, [report(3)])
})

test('a thrown string fails the run; mended and resumed, it executes that step and what comes after', async () => {
  bench.edit('src/everything.ts', 'this.attempt === 0', 'this.attempt < 9')
  compile()
  const { code, stderr } = await everything('run')
  assert.is(code, 1)
  assert.match(stderr, /\na string\n$/)
  bench.edit('src/everything.ts', 'this.attempt < 9', 'this.attempt === 0')
  compile()
  const { executed } = await everything('resume')
  assert.equal([inAnyOrder(executed), executed.at(-1)], [inAnyOrder(ALL.slice(ALL.indexOf('b'))), report(3)])
})

test('values that are hard to hand on arrive, in a run, a second one and a resumed one', async () => {
  const last = `end ${JSON.stringify([[['a', [1, 2, 3, 1], true, 7], ['b', [1, 2, 3, 2], true, 7], 9, true, 3, true], 3])}`
  const odd = (command: string, killAt?: number) =>
    run(['dist/odd.js', command, '--max-workers', '1'], killAt === undefined ? {} : { killAt })
  const first = await odd('run')
  const whole = ['start', 'use', 'entry a', 'entry b', 'join', 'point 0', 'point 1', 'joined', ...new Array(4).fill('throws'), last]
  assert.equal([first.code, first.executed], [0, whole], first.stderr)
  assert.match(first.stderr, /MM4003.*artifact `at` of step `Odd.start`/)
  assert.equal(
    (await odd('run')).executed,
    // `use` reads an instance of a class, which counts by its fields.
    whole.filter((line) => !line.startsWith('entry') && line !== 'use'),
  )
  await odd('run', 8)
  assert.is((await odd('resume')).executed.at(-1), last)
})

test('flows of one base share what is the same and go their own ways', async () => {
  const heirs = ['start', 'prepare left', 'prepare of the base', 'end ["left",30]', 'prepare right', 'more', 'end ["right",30]']
  assert.equal((await run(['dist/heirs.js'])).executed, heirs)
  assert.equal((await run(['dist/heirs.js'])).executed, ['end ["left",30]', 'end ["right",30]'])
})

const KILLS: readonly [first: number, then: 'run' | 'resume', second: number, last: 'run' | 'resume'][] = [
  [1, 'run', 5, 'resume'],
  [6, 'resume', 3, 'run'],
  [12, 'run', 2, 'run'],
  [20, 'resume', 8, 'resume'],
  [26, 'run', 1, 'resume'],
]
for (const [first, then, second, last] of KILLS) {
  test(`killed after ${first} and ${then} killed after ${second}: ${last} ends right`, async () => {
    const size = ['--size', '4']
    const args = (command: string) => ['dist/everything.js', command, ...(command === 'run' ? size : [])]
    await run(args('run'), { killAt: first })
    await run(args(then), { killAt: second })
    const { code, stderr, executed } = await run(args(last))
    assert.equal([code, executed.at(-1)], [0, report(4)], stderr)
  })
}

test.run()
