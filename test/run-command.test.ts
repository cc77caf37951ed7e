// `mintmark run`: what the program is given, how it ends, which signals reach it.

import { spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { install } from './support/install.js'
import { openWorkbench, REPOSITORY, type Workbench } from './support/workbench.js'

const MINTMARK = path.join(REPOSITORY, 'dist/cli/main.js')
const FILES = {
  'package.json': '{"type":"module"}',
  'main.ts': `const [what, ...rest]: string[] = process.argv.slice(2); console.log(rest.join()); if (what === 'throw') throw new Error('thrown'); process.exitCode = Number(what)`,
  'broken.ts': 'const a = 1\nconst b =',
  'awaiting.cts': 'await 1',
  'fork.ts': `import { fork } from 'node:child_process'; fork(new URL('./child.ts', import.meta.url).pathname)`,
  'child.ts': 'const n: number = 1; enum E { A = n }; console.log(E.A)',
  'flow.ts': `
import { FlowSpec, main, step } from 'mintmark'
class F extends FlowSpec {
  @step async start() {
    console.log('ready')
    await new Promise((done) => setTimeout(done, Number(process.env.WAIT)))
    this.next(this.end)
  }
  @step end() {}
}
void main(F)
`,
}

function inProject<T>(use: (bench: Workbench) => T): T {
  const bench = openWorkbench()
  bench.write(FILES)
  const result = use(bench)
  if (result instanceof Promise) return result.finally(bench.remove) as T
  bench.remove()
  return result
}

const ENDS: readonly (readonly [name: string, args: readonly string[], status: number, told: RegExp])[] = [
  ['its own code', ['main.ts', '7'], 7, /^$/],
  ['1 for what it throws', ['main.ts', 'throw'], 1, /Error: thrown/],
  ["what follows the program is the program's", ['main.ts', '0', '--help', '-p'], 0, /^$/],
  ['2 where there is no such program', ['absent.ts'], 2, /^MM5007 there is no file absent\.ts/],
  ['2 without a program', [], 2, /missing required argument 'file'/],
  ['1 where CommonJS awaits at the top', ['awaiting.cts'], 1, /MM5006 .*awaiting\.cts:1:1: Top-level await .*npm pkg set type=module/],
  ['1 where it does not parse', ['broken.ts'], 1, /MM5006 .*broken\.ts:2:10: Unexpected/],
]
for (const [name, args, status, told] of ENDS)
  test(`mintmark run ends with ${name}`, () =>
    inProject((bench) => {
      const ended = bench.node([MINTMARK, 'run', ...args])
      assert.is(ended.status, status)
      assert.match(ended.stderr, told)
      if (args.includes('-p')) assert.is(ended.stdout, '--help,-p\n')
    }))

/** Starts the flow, sends the signal once it has said that it is ready, and tells how it ended. */
function signalled(bench: Workbench, host: readonly string[], signal: NodeJS.Signals, wait: number): Promise<unknown[]> {
  const env = { ...process.env, WAIT: String(wait) }
  const child = spawn(process.execPath, [...host, 'flow.ts', 'run'], { cwd: bench.dir, env, stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout.once('data', () => child.kill(signal))
  return new Promise((done) => child.on('exit', (...end) => done(end)))
}

for (const host of [
  [MINTMARK, 'run'],
  ['--import', 'mintmark/register'],
])
  test(`an interrupted flow ends with 130, and a signal that nobody handles ends the process: ${path.basename(host[1]!)}`, () =>
    inProject(async (bench) => {
      assert.equal(await signalled(bench, host, 'SIGINT', 300), [130, null])
      assert.equal(await signalled(bench, host, 'SIGTERM', 30_000), [null, 'SIGTERM'])
    }))

test('what the program forks is TypeScript as well', () =>
  inProject((bench) => assert.is(bench.node([MINTMARK, 'run', 'fork.ts']).stdout, '1\n')))

test('without esbuild it says what to install, and ends with 2', () => {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-run-')))
  try {
    const main = install(dir, ['typescript'])
    writeFileSync(path.join(dir, 'main.ts'), 'console.log(1)')
    const { status, stdout, stderr } = inProject((bench) => bench.node([main, 'run', path.join(dir, 'main.ts')]))
    assert.equal([status, stdout], [2, ''])
    assert.match(stderr, /^MM5005 esbuild is not installed.*npm i -D esbuild\n$/)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
