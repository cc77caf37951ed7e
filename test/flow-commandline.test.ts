import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const FLOW = fileURLToPath(new URL('./support/counted-flow.js', import.meta.url))

interface Done {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
  /** What was executed in this process. */
  readonly executed: string[]
}

let dir = ''
let serial = 0

test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'mintmark-flow-'))
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

/** Runs the flow's command line in the test's folder; its store is there. */
async function flow(args: readonly string[], env: NodeJS.ProcessEnv = {}, meet: (child: ChildProcess) => void = () => {}): Promise<Done> {
  const log = join(dir, `executed-${serial++}`)
  const { MINTMARK_MODE: _mode, MINTMARK_STRICT: _strict, ...outer } = process.env
  const child = spawn(process.execPath, [FLOW, ...args], { cwd: dir, env: { ...outer, NO_COLOR: '1', COUNTED_LOG: log, ...env } })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  meet(child)
  const [code, signal] = await once(child, 'close')
  return { code, signal, out, err, executed: existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [] }
}

const WHOLE = ['start', 'work 1', 'work 2', 'work 3', 'join', 'pieced', 'piece 1', 'piece 2', 'piece 3', 'piece 4', 'end 600 10,20,30,40']
const ONE = ['--max-workers', '1']

test('run executes all, and run again no memoized step', async () => {
  const first = await flow(['run', ...ONE, '--json'])
  assert.equal([first.code, first.executed], [0, WHOLE])
  assert.match(first.err, /work 3\/3: 3 done\n/)
  assert.match(first.err, /Counted done in .*: 7 executed, 0 hit; 0 ms saved/)
  const { flow: name, status, counts } = JSON.parse(first.out.trim().split('\n').at(-1) as string)
  assert.equal([name, status, counts], ['Counted', 'done', { run: 7, hit: 0, resumed: 0, failed: 0, savedMs: 0 }])
  const again = await flow(['run', ...ONE])
  assert.equal(
    again.executed,
    WHOLE.filter((line) => !line.startsWith('work')),
  )
  assert.equal([again.code, again.out], [0, ''])
  assert.match(again.err, /work 3\/3: 3 hit\n/)
})

test('with --json standard output holds the summary and nothing else, whatever the steps print', async () => {
  const print = { PRINT: 'by a step' }
  const json = await flow(['run', ...ONE, '--size', '1', '--json'], print)
  assert.is(JSON.parse(json.out).status, 'done')
  assert.match(json.err, /logged by a step\nwritten by a step\n/)
  assert.is((await flow(['run', ...ONE, '--size', '1'], print)).out, 'logged by a step\nwritten by a step\n')
  assert.match((await flow(['resume', '--help'])).out.replace(/\s+/g, ' '), 'what the steps print on standard error')
})

test('a run whose readers go away, as `head` does, goes on to its end', async () => {
  const deaf = await flow(['run', ...ONE], { PRINT: 'by a step' }, ({ stdout, stderr }) => {
    stdout?.destroy()
    stderr?.destroy()
  })
  assert.equal([deaf.code, deaf.executed], [0, WHOLE])
  const shown = await flow(['show'], {}, ({ stdout }) => stdout?.destroy())
  assert.equal([shown.code, shown.err], [0, ''])
})

test('parameters and flags', async () => {
  const { executed } = await flow(['run', ...ONE, '--size', '1', '--loud', '--extra', '{"a":[1]}'])
  assert.equal(executed.slice(0, 3), ['start', 'work 1', 'join'])
  assert.equal((await flow(['run', ...ONE, '--size', '1', '--force', 'work'])).executed.slice(0, 2), ['start', 'work 1'])
  assert.equal((await flow(['run', ...ONE, '--size', '1', '--force'])).executed.slice(0, 2), ['start', 'work 1'])
  assert.equal((await flow(['run', ...ONE, '--size', '1', '--mode', 'off'])).executed.slice(0, 2), ['start', 'work 1'])
  assert.equal((await flow(['run', ...ONE, '--size', '1'])).executed.slice(0, 2), ['start', 'join'])
})

const refused: readonly [args: readonly string[], message: RegExp][] = [
  [['run', '--size', 'x'], /MM5011 .*`--size` needs a number and got `x`/],
  [['run', '--size', ''], /MM5011 /],
  [['run', '--extra', '{'], /MM5011 .*needs JSON/],
  [['run', '--loud', 'perhaps'], /MM5011 .*needs a boolean/],
  [['run', '--sise', '3'], /MM5017 .*--sise/],
  [['run', '--max-workers', '0'], /MM5017 .*max-workers/],
  [['run', '--mode', 'fast'], /MM5017 .*mode/],
  [['run', '--force', 'wrok'], /MM5013 .*`wrok`/],
  [['resume'], /MM5015 /],
  [['resume', 'nope'], /MM5015 .*`nope`/],
  [['walk'], /MM5017 .*walk/],
]

for (const [args, message] of refused) {
  test(`refused with exit code 2: ${args.join(' ')}`, async () => {
    const { code, err, executed, out } = await flow(args)
    assert.match(err, message)
    assert.equal([code, executed, out], [2, [], ''])
  })
}

test('help and show', async () => {
  for (const args of [['--help'], ['run', '--help'], ['resume', '--help'], ['show', '--help']]) assert.is((await flow(args)).code, 0)
  assert.match((await flow(['run', '--help'])).out, /--size <number> +how many items \(default: 3\)/)
  const { out, code } = await flow(['show'])
  assert.is(code, 0)
  assert.match(out, /Counted\nsteps\n {2}start -> work for each of list\n {2}work \(memoized\) -> join\n {2}join \(join\) -> pieced\n/)
  const shown = JSON.parse((await flow(['show', '--json'])).out)
  assert.equal(
    shown.steps.map((each: { name: string }) => each.name),
    ['start', 'work', 'join', 'pieced', 'end'],
  )
})

test('a failed step: exit code 1, its own error, and resume executes what is left', async () => {
  const failed = await flow(['run', ...ONE, '--json'], { FAIL_AT: 'work 2' })
  assert.equal([failed.code, failed.executed], [1, WHOLE.slice(0, 4)])
  assert.match(failed.err, /Error: failed as asked: 2\n {4}at /)
  assert.is(JSON.parse(failed.out).status, 'failed')
  const resumed = await flow(['resume', ...ONE])
  assert.equal([resumed.code, resumed.executed], [0, ['work 2', ...WHOLE.slice(4)]])
  const again = await flow(['resume', JSON.parse(failed.out).run, ...ONE])
  assert.equal([again.code, again.executed.includes('start')], [0, false])
})

test('killed while it works on items: resume works on the others only', async () => {
  const killed = await flow(['run', ...ONE], { DIE_AT: 'piece 3' })
  assert.equal([killed.signal, killed.executed.at(-1)], ['SIGKILL', 'piece 3'])
  const { code, executed } = await flow(['resume', ...ONE])
  assert.is(code, 0)
  assert.equal(
    executed.filter((line) => /piece|work|end/.test(line)),
    ['pieced', 'piece 3', 'piece 4', 'end 600 10,20,30,40'],
  )
})

test('killed at any time: run or resume ends right', async () => {
  for (const [round, after] of [60, 100, 120, 140, 160, 180, 220].entries()) {
    const size = String(round + 4)
    await flow(['run', '--size', size], { WAIT_MS: '5' }, (child) => setTimeout(() => child.kill('SIGKILL'), after))
    const command = round % 2 === 0 ? 'run' : 'resume'
    const { code, executed, err } = await flow([command, '--size', size])
    const nothing = command === 'resume' && err.includes('MM5015')
    assert.ok(
      nothing || (code === 0 && (executed.at(-1) ?? '').startsWith(`end ${50 * (round + 4) * (round + 5)} 10,`)),
      `${command} ${err}`,
    )
  }
})

test('an interrupt lets the task under way finish: exit code 130, and resume goes on', async () => {
  const interrupted = await flow(['run', ...ONE], { INTERRUPT_AT: 'work 1', WAIT_MS: '50' })
  assert.equal([interrupted.code, interrupted.executed], [130, ['start', 'work 1']])
  assert.match(interrupted.err, /go on with: resume /)
  const { code, executed } = await flow(['resume', ...ONE])
  assert.equal([code, executed], [0, WHOLE.slice(2)])
})

test('without stamps: one warning that says how to add the plugin, and an error under strict', async () => {
  const { code, err, executed } = await flow(['run', ...ONE], { PLAIN: '1' })
  assert.equal([code, executed, err.match(/MM4001/g)?.length], [0, WHOLE, 1])
  assert.match(err, /"transform": "mintmark\/transformer"/)
  for (const strict of [await flow(['run', '--strict'], { PLAIN: '1' }), await flow(['run'], { PLAIN: '1', MINTMARK_STRICT: '1' })])
    assert.equal([strict.code, /MM4001/.test(strict.err), strict.executed], [1, true, ['start']])
})

test('a second interrupt stops at once', async () => {
  const { code, executed } = await flow(['run', ...ONE], { INTERRUPT_AT: 'work 1', WAIT_MS: '60000' }, (child) => {
    child.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('once more')) child.kill('SIGINT')
    })
  })
  assert.equal([code, executed], [130, ['start', 'work 1']])
})

test('trouble of the store: one warning for each thing that it cannot do and exit code 0, under strict exit code 3', async () => {
  writeFileSync(join(dir, '.mintmark'), 'a file where the store needs a folder')
  const { code, err, executed } = await flow(['run', ...ONE])
  assert.equal([code, executed], [0, WHOLE])
  for (const doing of ['read from', 'write to', 'keep items in'])
    assert.is(err.match(RegExp(`MM3002.* cannot ${doing} the store`, 'g'))?.length, 1)
  const strict = await flow(['run', ...ONE, '--strict'])
  assert.is(strict.code, 3)
  assert.match(strict.err, /MM3002/)
})

test.run()
