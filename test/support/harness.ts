// The process around one compiled test file: `node harness.js FILE`, started by test/run.ts with an IPC channel.
// It takes uvu's queue into its own hands, because uvu's own way of running and counting loses failures, and reports what truly ran.

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface FileReport {
  readonly total: number
  readonly passed: number
  readonly problems: readonly string[]
}

/** What uvu answers for one `run()`: the failures as text or `true`, tests that passed, tests left out, tests chosen. */
type SuiteResult = [errors: string | true, passed: number, skipped: number, total: number]

/** How long open handles may linger after the last test before the file counts as hanging. */
const LINGER_MS = 15_000

const queue: (() => Promise<SuiteResult>)[] = []
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] })
const { test } = await import('uvu')

let current = ''
let begun = 0
// uvu writes the name of the test at hand to its state; a time limit can then name the test that hangs.
test.before((state) => {
  Object.defineProperty(state, '__test__', {
    configurable: true,
    get: () => current,
    set: (name: string) => {
      if (name === '') return
      current = name
      begun++
      process.send!({ started: name })
    },
  })
})

// A suite of a file's own cannot be watched: nothing tells from outside which of its tests began, or that it was never run. All that shows
// is that uvu writes its name to its state, a plain object, when it is made.
let suites = 0
Object.defineProperty(Object.prototype, '__suite__', {
  configurable: true,
  set(this: object, value: string) {
    suites++
    Object.defineProperty(this, '__suite__', { value, writable: true, configurable: true, enumerable: true })
  },
})
await import(pathToFileURL(resolve(process.argv[2]!)).href)
Reflect.deleteProperty(Object.prototype, '__suite__')

const problems: string[] = []
if (suites > 0) problems.push('suite() is not watched, so its failures could go unseen: use `test` of uvu')
let total = 0
let passed = 0
for (const run of queue.splice(0)) {
  begun = 0
  const [errors, good, skipped, chosen] = await run()
  total += chosen
  passed += good
  if (errors !== true) problems.push(errors.trim())
  if (begun < chosen || (errors === true && good < chosen)) {
    const last = begun === 0 ? 'before the first test' : `in or after "${current}"`
    problems.push(`only ${begun} of ${chosen} tests began, ${good} passed: a hook threw, or something that is no Error was thrown, ${last}`)
  }
  if (skipped > 0) problems.push(`${skipped} tests were left out by .only or .skip`)
}
// Whatever still hangs on the default suite was added without a run() after it.
test.run()
const [, , , forgotten] = await queue[0]!()
if (forgotten > 0) problems.push(`${forgotten} tests were never run: test.run() is missing at the end of the file`)
if (total + forgotten === 0) problems.push('no test ran')
process.stdout.write('\n')
process.send!({ total: total + forgotten, passed, problems } satisfies FileReport)

setTimeout(() => {
  console.error(`still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`)
  process.exit(1)
}, LINGER_MS).unref()
