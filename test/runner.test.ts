// Every guard of the test runner, proved by a test file that must trip it: the fixtures are written to a temporary project.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const RUNNER = fileURLToPath(new URL('./run.js', import.meta.url))
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const UVU = `import { test } from 'uvu'\nimport * as assert from 'uvu/assert'\n`
const GOOD = `${UVU}test('holds', () => {})\ntest.run()`
const SUITE = `import { suite } from 'uvu'\nsuite('never run')('holds', () => {})`

interface Project {
  /** Compiled file by name (`a` for test/a.test.ts); `undefined` leaves a source that was not compiled. */
  readonly files: Readonly<Record<string, string | undefined>>
  /** Compiled files without a source. */
  readonly stale?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

/** Runs the runner over a project and gives its exit code, its last line and everything that it printed. */
async function run({ files, stale = {}, args = [] }: Project): Promise<{ code: number; last: string; text: string }> {
  const root = mkdtempSync(join(tmpdir(), 'mintmark-runner-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('package.json', '{"type":"module"}')
  symlinkSync(NODE_MODULES, join(root, 'node_modules'), 'junction')
  for (const [name, text] of Object.entries(files)) {
    write(`test/${name}.test.ts`, '')
    if (text !== undefined) write(`dist/test/${name}.test.js`, text)
  }
  for (const [name, text] of Object.entries(stale)) write(`dist/test/${name}.test.js`, text)
  try {
    return await new Promise((done) => {
      execFile(process.execPath, [RUNNER, '--root', root, ...args], (error, stdout, stderr) => {
        done({ code: error ? Number(error.code ?? -1) : 0, last: stdout.trimEnd().split('\n').at(-1)!, text: stdout + stderr })
      })
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const cases: readonly { name: string; project: Project; last: string; says?: RegExp }[] = [
  {
    name: 'passing files pass',
    project: { files: { a: GOOD, 'deep/b': GOOD } },
    last: '2 passed, 0 failed',
    says: /^ok {4}test\/deep\/b\.test\.ts/m,
  },
  {
    name: 'a failed assertion fails, and is shown',
    project: { files: { a: `${UVU}test('adds up', () => assert.is(1 + 1, 3, 'sum'))\ntest('holds', () => {})\ntest.run()` } },
    last: '1 passed, 1 failed',
    says: /"adds up"\s+sum/,
  },
  {
    name: 'a missing test.run() fails',
    project: { files: { a: `${UVU}test('holds', () => {})` } },
    last: '0 passed, 1 failed',
    says: /1 tests were never run: test\.run\(\) is missing/,
  },
  {
    name: 'tests added after test.run() fail',
    project: { files: { a: `${GOOD}\ntest('late', () => {})` } },
    last: '1 passed, 1 failed',
    says: /1 tests were never run/,
  },
  {
    name: 'a suite of its own fails, since what it left out would not show',
    project: {
      files: { a: `import { suite } from 'uvu'\nconst own = suite('own')\nown('x', () => {})\nown.run()`, b: `${GOOD}\n${SUITE}` },
    },
    last: '2 passed, 2 failed',
    says: /suite\(\) is not watched.*suite\(\) is not watched/s,
  },
  { name: 'a file without a test fails', project: { files: { a: `${UVU}test.run()` } }, last: '0 passed, 1 failed', says: /no test ran/ },
  {
    name: 'a throw in a before hook fails',
    project: { files: { a: `${UVU}test.before(() => { throw new Error('no') })\ntest('holds', () => {})\ntest.run()` } },
    last: '0 passed, 1 failed',
    says: /only 0 of 1 tests began.*before the first test/,
  },
  {
    name: 'a throw in a hook around each test fails',
    project: {
      files: { a: `${UVU}test.after.each(() => { throw new Error('no') })\ntest('x', () => {})\ntest('y', () => {})\ntest.run()` },
    },
    last: '0 passed, 2 failed',
    says: /only 1 of 2 tests began.*in or after "x"/,
  },
  {
    name: 'a throw in an after hook fails',
    project: { files: { a: `${UVU}test.after(() => { throw new Error('no') })\ntest('x', () => {})\ntest.run()` } },
    last: '0 passed, 1 failed',
  },
  {
    name: 'a thrown string fails',
    project: { files: { a: `${UVU}test('x', () => { throw 'text' })\ntest('y', () => {})\ntest.run()` } },
    last: '0 passed, 2 failed',
    says: /only 1 of 2 tests began.*in or after "x"/,
  },
  {
    name: 'a leftover .only fails',
    project: { files: { a: `${UVU}test('x', () => {})\ntest.only('y', () => {})\ntest.run()` } },
    last: '1 passed, 1 failed',
    says: /1 tests were left out by \.only or \.skip/,
  },
  {
    name: 'a leftover .skip fails',
    project: { files: { a: `${UVU}test('x', () => {})\ntest.skip('y', () => {})\ntest.run()` } },
    last: '1 passed, 1 failed',
    says: /1 tests were left out/,
  },
  {
    name: 'a pattern that matches nothing fails, though others match',
    project: { files: { a: GOOD }, args: ['a.test', 'nowhere'] },
    last: '1 passed, 1 failed',
    says: /no test file matches "nowhere"/,
  },
  { name: 'a pattern chooses files', project: { files: { a: GOOD, b: `${UVU}test.run()` }, args: ['/a.'] }, last: '1 passed, 0 failed' },
  { name: 'a project without test files fails', project: { files: {} }, last: '0 passed, 1 failed', says: /no test files below/ },
  {
    name: 'a source that was not compiled fails',
    project: { files: { a: GOOD, b: undefined } },
    last: '1 passed, 1 failed',
    says: /not compiled/,
  },
  {
    name: 'a stale compiled test without a source does not count',
    project: { files: { a: GOOD }, stale: { gone: GOOD } },
    last: '1 passed, 0 failed',
  },
  {
    name: 'a file that exits early with 0 fails',
    project: { files: { a: `${UVU}test('x', () => process.exit(0))\ntest.run()` } },
    last: '0 passed, 1 failed',
    says: /ended before its tests did during "x"/,
  },
  {
    name: 'a test that waits for nothing fails',
    project: { files: { a: `${UVU}test('x', () => new Promise(() => {}))\ntest.run()` } },
    last: '0 passed, 1 failed',
    says: /during "x"/,
  },
  {
    name: 'a throw outside of the tests fails',
    project: { files: { a: `${GOOD}\nthrow new Error('at the top')` } },
    last: '0 passed, 1 failed',
    says: /at the top/,
  },
  {
    name: 'an unhandled rejection fails',
    project: { files: { a: `${UVU}test('x', () => { setTimeout(() => Promise.reject(new Error('later')), 20) })\ntest.run()` } },
    last: '1 passed, 1 failed',
    says: /later/,
  },
  {
    name: 'an exit code set by a test fails',
    project: { files: { a: `${UVU}test('x', () => { process.exitCode = 3 })\ntest.run()` } },
    last: '1 passed, 1 failed',
    says: /exit code 3 after the last test/,
  },
  {
    name: 'a file that does not end is stopped at the time limit, and what it started with it',
    project: {
      files: {
        a: `${UVU}import { spawn } from 'node:child_process'\ntest('x', () => new Promise(() => { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }) }))\ntest.run()`,
      },
      args: ['--timeout', '1500'],
    },
    last: '0 passed, 1 failed',
    says: /time limit of 1500 ms reached during "x"/,
  },
  {
    name: 'a handle left open fails',
    project: { files: { a: `${UVU}test('x', () => { setInterval(() => {}, 1000) })\ntest.run()` }, args: ['--timeout', '2500'] },
    last: '1 passed, 1 failed',
    says: /after the last test: something is still open/,
  },
]

for (const { name, project, last, says } of cases) {
  test(name, async () => {
    const result = await run(project)
    assert.is(result.last, last, result.text)
    assert.is(result.code, last.endsWith(' 0 failed') ? 0 : 1)
    if (says) assert.match(result.text, says)
  })
}

test.run()
